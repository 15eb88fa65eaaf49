[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace LacEdge.Linux.Tests;

/// <summary>A test that makes network namespaces; skipped when not root.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root: it makes network namespaces and raw sockets";
    }
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootTheoryAttribute : TheoryAttribute
{
    public RootTheoryAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root: it makes network namespaces and raw sockets";
    }
}
