using System.ComponentModel;
using System.Runtime.InteropServices;

namespace LacEdge.Interop.Host;

internal static partial class NativeMethods
{
    private const int PrSetNoNewPrivileges = 38, PrSetSeccomp = 22;
    private const nuint SeccompModeFilter = 2;

    public static void Signal(int processId, int signal)
    {
        const int NoSuchProcess = 3;
        if (Kill(processId, signal) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchProcess)
            throw new Win32Exception(error);
    }

    /// <summary>Puts this process (and what it becomes) under a seccomp filter.</summary>
    public static unsafe void InstallSeccompFilter(ReadOnlySpan<BpfInstruction> program)
    {
        fixed (BpfInstruction* first = program)
        {
            var header = new BpfProgram { Length = (ushort)program.Length, First = first };
            if (Prctl(PrSetNoNewPrivileges, 1, 0) != 0 || Prctl(PrSetSeccomp, SeccompModeFilter, (nuint)(&header)) != 0)
                throw new Win32Exception();
        }
    }

    /// <summary>Becomes another program. Returns only to throw.</summary>
    public static void Execute(string[] command)
    {
        _ = Execvp(command[0], [.. command, null]);
        throw new Win32Exception();
    }

    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct BpfInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand);

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct BpfProgram
    {
        public ushort Length;
        public BpfInstruction* First;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint argument2, nuint argument3, nuint argument4 = 0, nuint argument5 = 0);

    [LibraryImport("libc", EntryPoint = "execvp", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execvp(string file, string?[] arguments);
}
