using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace LacEdge.Tests.Architecture;

/// <summary>What the compiled Wire and Core refer to: the analyzer of banned symbols sees calls, not lock statements, fields or loops.</summary>
public sealed class PurityTests
{
    private static readonly string[] _impure =
    [
        "System.Threading.", "System.IO.", "System.Net.Sockets.", "System.Timers.", "System.Diagnostics.Process",
        "System.Diagnostics.Stopwatch", "System.DateTime", "System.TimeProvider", "System.Random", "System.Guid", "System.HashCode", "System.Console",
        "System.Security.Cryptography.RandomNumberGenerator", "System.Runtime.InteropServices.NativeLibrary",
    ];

    public static TheoryData<Assembly> Pure => [typeof(LacEdge.Wire.DecodeError).Assembly, typeof(LacEdge.Core.Lac.Lac).Assembly];

    [Theory]
    [MemberData(nameof(Pure))]
    public void Wire_and_Core_know_no_thread_lock_clock_socket_file_or_chance(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var types = metadata.TypeReferences.Select(handle => NameOf(metadata, handle)).ToList();

        Assert.Contains("System.Object", types);
        Assert.DoesNotContain(types, type => _impure.Any(impure => type.StartsWith(impure, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Pure))]
    public void Wire_and_Core_never_go_through_a_hash_table(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        var walks = metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => metadata.GetString(member.Name) is "GetEnumerator" or "get_Keys" or "get_Values" or "CopyTo")
            .Select(member => GenericTypeOf(metadata, member))
            .Where(type => type is "System.Collections.Generic.Dictionary`2" or "System.Collections.Generic.HashSet`1");
        Assert.Empty(walks);
    }

    [Theory]
    [MemberData(nameof(Pure))]
    public void Wire_and_Core_hold_no_static_state(Assembly assembly)
    {
        var mutable = assembly.GetTypes().SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => !field.IsInitOnly && !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal))
            .Select(field => $"{field.DeclaringType}.{field.Name}");
        Assert.Empty(mutable);
    }

    private static string NameOf(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    /// <summary>The open generic type that the member belongs to (ECMA-335 II.23.2.14); null when it is no generic class.</summary>
    private static string? GenericTypeOf(MetadataReader metadata, MemberReference member)
    {
        if (member.Parent.Kind != HandleKind.TypeSpecification) return null;
        var signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        signature.ReadByte();
        var type = signature.ReadTypeHandle();
        return type.Kind == HandleKind.TypeReference ? NameOf(metadata, (TypeReferenceHandle)type) : null;
    }
}
