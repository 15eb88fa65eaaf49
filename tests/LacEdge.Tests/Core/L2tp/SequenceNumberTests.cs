using LacEdge.Core.L2tp;

namespace LacEdge.Tests.Core.L2tp;

public sealed class SequenceNumberTests
{
    [Theory]
    [InlineData(16, 15, "Duplicate")]
    [InlineData(16, 0, "Duplicate")]
    [InlineData(16, 65535, "Duplicate")]
    [InlineData(16, 32784, "Duplicate")]
    [InlineData(16, 32783, "Ahead")]
    [InlineData(16, 16, "InOrder")]
    [InlineData(16, 17, "Ahead")]
    [InlineData(0, 65535, "Duplicate")]
    [InlineData(0, 0, "InOrder")]
    [InlineData(65535, 65535, "InOrder")]
    [InlineData(65535, 0, "Ahead")]
    public void L2TP_018_sequence_numbers_compare_modulo_65536(ushort expected, ushort received, string order) =>
        Assert.Equal(order, SequenceNumbers.Classify(expected, received).ToString());

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 4)]
    [InlineData(65534, 0)]
    [InlineData(65533, 0)]
    public void L2TP_027_Nr_frees_across_the_wrap(ushort nr, int freed) => Assert.Equal(freed, SequenceNumbers.Acknowledged(65534, nr));
}
