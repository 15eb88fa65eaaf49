using BpfInstruction = LacEdge.Interop.Host.NativeMethods.BpfInstruction;

namespace LacEdge.Interop.Host;

/// <summary>
/// Starts User-Mode Linux so that it runs on any processor. Its kernel 6.1 hands the extended register state back in a buffer of
/// fixed size; a host with larger state (AMX) refuses that, and the guest dies at its first instruction. So this program puts
/// itself under a filter in which that state does not exist and then becomes the guest: UML falls back to the classic
/// registers. As these do not cover AVX, programs in the guest are told to leave AVX alone (<see cref="GuestEnvironment"/>).
/// </summary>
internal static class UmlLauncher
{
    /// <summary>First argument by which this program knows that it is to become a guest.</summary>
    public const string Verb = "become-guest";

    /// <summary>For the guest's kernel command line, from which its first process takes them.</summary>
    public static readonly string[] GuestEnvironment =
    [
        "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX_Fast_Unaligned_Load,-XSAVE,-XSAVEC",
        "OPENSSL_ia32cap=~0x1000000000000000:0",
    ];

    /// <summary>The command that makes this program become <paramref name="command"/>.</summary>
    public static string[] Wrap(IEnumerable<string> command)
    {
        var self = Environment.ProcessPath!;
        string[] run = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [self, typeof(UmlLauncher).Assembly.Location] : [self];
        return [.. run, Verb, .. command];
    }

    public static void Become(string[] command)
    {
        NativeMethods.InstallSeccompFilter(NoExtendedState);
        NativeMethods.Execute(command);
    }

    // ptrace(PTRACE_GETREGSET or PTRACE_SETREGSET, process, NT_X86_XSTATE, ...) fails with EINVAL; all else is allowed.
    private static readonly BpfInstruction[] NoExtendedState =
    [
        Load(Number), SkipUnless(101 /* ptrace */, 6),
        Load(Argument0), SkipIf(0x4204 /* PTRACE_GETREGSET */, 1), SkipUnless(0x4205 /* PTRACE_SETREGSET */, 3),
        Load(Argument2), SkipUnless(0x202 /* NT_X86_XSTATE */, 1),
        Return(0x0005_0000 | 22 /* SECCOMP_RET_ERRNO, EINVAL */),
        Return(0x7FFF_0000 /* SECCOMP_RET_ALLOW */),
    ];

    private const uint Number = 0, Argument0 = 16, Argument2 = 32;     // offsets in struct seccomp_data

    private static BpfInstruction Load(uint offset) => new(0x20, 0, 0, offset);
    private static BpfInstruction SkipIf(uint value, byte count) => new(0x15, count, 0, value);
    private static BpfInstruction SkipUnless(uint value, byte count) => new(0x15, 0, count, value);
    private static BpfInstruction Return(uint value) => new(0x06, 0, 0, value);
}
