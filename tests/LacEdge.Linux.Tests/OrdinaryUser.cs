using System.Runtime.InteropServices;

namespace LacEdge.Linux.Tests;

/// <summary>Takes the rights of root from one thread for good: the C library's own calls would change all threads.</summary>
internal static partial class OrdinaryUser
{
    public static void Become()
    {
        const int nobody = 65534;
        nint setresuid = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 117 : 147;
        Assert.Equal(0, SystemCall(setresuid, nobody, nobody, nobody));
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);
}
