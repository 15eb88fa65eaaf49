using System.Runtime.InteropServices;

namespace LacEdge.Linux.Dns;

/// <summary>libunbound (unbound.h). It is loaded at the first call.</summary>
internal static unsafe partial class Unbound
{
    private const string Library = "libunbound.so.8";

    /// <summary>struct ub_result.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Result
    {
        public byte* QuestionName;
        public int QuestionType;
        public int QuestionClass;
        public byte** Data;
        public int* Lengths;
        public byte* CanonicalName;
        public int Rcode;
        public byte* Packet;
        public int PacketLength;
        public int HaveData;
        public int NameError;
        public int Secure;
        public int Bogus;
        public byte* WhyBogus;
        public int RateLimited;
        public int Ttl;
    }

    [LibraryImport(Library, EntryPoint = "ub_ctx_create")]
    public static partial nint Create();

    [LibraryImport(Library, EntryPoint = "ub_ctx_delete")]
    public static partial void Delete(nint context);

    [LibraryImport(Library, EntryPoint = "ub_ctx_async")]
    public static partial int SetAsync(nint context, int withThread);

    [LibraryImport(Library, EntryPoint = "ub_ctx_set_option", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetOption(nint context, string option, string value);

    [LibraryImport(Library, EntryPoint = "ub_ctx_set_fwd", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetForwarder(nint context, string address);

    [LibraryImport(Library, EntryPoint = "ub_ctx_add_ta_file", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddTrustAnchors(nint context, string file);

    [LibraryImport(Library, EntryPoint = "ub_fd")]
    public static partial int Fd(nint context);

    [LibraryImport(Library, EntryPoint = "ub_process")]
    public static partial int Process(nint context);

    [LibraryImport(Library, EntryPoint = "ub_resolve_async", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Resolve(
        nint context, string name, int type, int @class, nint data, delegate* unmanaged<nint, int, Result*, void> callback, int* id);

    [LibraryImport(Library, EntryPoint = "ub_cancel")]
    public static partial int Cancel(nint context, int id);

    [LibraryImport(Library, EntryPoint = "ub_resolve_free")]
    public static partial void Free(Result* result);

    [LibraryImport(Library, EntryPoint = "ub_strerror")]
    private static partial nint ErrorText(int error);

    public static string TextOf(int error) => Marshal.PtrToStringUTF8(ErrorText(error)) ?? $"error {error}";
}
