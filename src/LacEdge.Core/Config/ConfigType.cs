using System.Globalization;
using System.Text;
using LacEdge.Wire.Ip;

namespace LacEdge.Core.Config;

/// <summary>The type of a scalar value: how its text is read and what is allowed.</summary>
public abstract class ConfigType
{
    /// <summary>What is expected, for errors and documentation: "a whole number from 1 to 100".</summary>
    public abstract string Expected { get; }
    public virtual bool IsSecret => false;

    /// <summary>What is wrong with the text; null when it is right.</summary>
    public abstract string? Check(string text);

    protected string NotExpected(string text) => $"expected {Expected}, found '{Printable(text)}'";

    /// <summary>On one line and not too long.</summary>
    protected static string Printable(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
        return line.Length <= 60 ? line : line[..57] + "...";
    }
}

/// <summary>A type whose values are <typeparamref name="T"/>.</summary>
public abstract class ConfigType<T> : ConfigType
{
    /// <summary>What is wrong with the text; null when it is right, with its value.</summary>
    public abstract string? Parse(string text, out T value);
    public sealed override string? Check(string text) => Parse(text, out _);
}

public sealed class IntegerType(int min, int max) : ConfigType<int>
{
    public override string Expected => string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");

    public override string? Parse(string text, out int value)
    {
        var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        return isNumber && value >= min && value <= max ? null : NotExpected(text);
    }
}

/// <summary>Visible text on one line.</summary>
public sealed class TextType(int maxLength) : ConfigType<string>
{
    public override string Expected => string.Create(CultureInfo.InvariantCulture, $"a text of 1 to {maxLength} octets");

    public override string? Parse(string text, out string value)
    {
        value = text;
        var valid = text.Length > 0 && Encoding.UTF8.GetByteCount(text) <= maxLength && !text.Any(char.IsControl);
        return valid ? null : NotExpected(text);
    }
}

/// <summary>A name that the configuration itself gives: of a service, a list, an ISP, an LNS, a profile.</summary>
public sealed class NameType : ConfigType<string>
{
    public override string Expected => "a name of 1 to 64 letters, digits and . _ -";

    public override string? Parse(string text, out string value)
    {
        value = text;
        var valid = text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
        return valid ? null : NotExpected(text);
    }
}

/// <summary>A result code of CDN, or one with its error code: "4", "2/6".</summary>
public sealed class ResultCodeType : ConfigType<string>
{
    public override string Expected => "a result code like 4, or with an error code like 2/6";

    public override string? Parse(string text, out string value)
    {
        value = text;
        return ResultCodeRule.TryParse(text, out _, out _) ? null : NotExpected(text);
    }
}

public sealed class InterfaceType : ConfigType<string>
{
    public override string Expected => "the name of a network interface (1 to 15 characters)";

    public override string? Parse(string text, out string value)
    {
        value = text;
        var valid = text.Length is > 0 and <= 15 && text is not ("." or "..")
            && text.All(c => c is > ' ' and < '\x7f' and not ('/' or ':'));
        return valid ? null : NotExpected(text);
    }
}

/// <param name="maxLength">In octets; the kernel takes 107 for a socket.</param>
public sealed class PathType(int maxLength) : ConfigType<string>
{
    public override string Expected => string.Create(CultureInfo.InvariantCulture, $"an absolute path of at most {maxLength} octets");

    public override string? Parse(string text, out string value)
    {
        value = text;
        var valid = text.StartsWith('/') && Encoding.UTF8.GetByteCount(text) <= maxLength && !text.Contains('\0', StringComparison.Ordinal);
        return valid ? null : NotExpected(text);
    }
}

public sealed class BooleanType : ConfigType<bool>
{
    public override string Expected => "true or false";

    public override string? Parse(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false" ? null : NotExpected(text);
    }
}

/// <summary>One of some words.</summary>
/// <param name="planned">Words that will come to mean something: refused, but in other words.</param>
public sealed class ChoiceType<T>(IReadOnlyList<(string Word, T Value)> choices, params string[] planned) : ConfigType<T>
{
    public override string Expected => string.Join(" or ", choices.Select(choice => $"'{choice.Word}'"));

    public override string? Parse(string text, out T value)
    {
        foreach (var choice in choices)
        {
            value = choice.Value;
            if (choice.Word == text) return null;
        }

        value = choices[0].Value;
        if (planned.Contains(text)) return $"'{text}' is not supported yet, expected {Expected}";
        return NotExpected(text) + Suggestion.For(text, choices.Select(choice => choice.Word));
    }
}

/// <summary>A DSCP, or null for 'copy'.</summary>
public sealed class DscpType : ConfigType<byte?>
{
    public override string Expected => "a DSCP from 0 to 63, or copy";

    public override string? Parse(string text, out byte? value)
    {
        value = null;
        if (text == "copy") return null;
        var isNumber = byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var dscp);
        value = dscp;
        return isNumber && dscp < 64 ? null : NotExpected(text);
    }
}

/// <summary>A number with a unit: "500ms", "60s", "5m", "2h". Zero needs no unit.</summary>
public sealed class DurationType(string min, string max) : ConfigType<TimeSpan>
{
    // Longest first: "500ms" ends in "s" too.
    private static readonly (string Unit, TimeSpan Length)[] _units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1)),
    ];

    private readonly TimeSpan _min = Read(min)!.Value;
    private readonly TimeSpan _max = Read(max)!.Value;

    public override string Expected => $"a duration from {min} to {max}";

    public override string? Parse(string text, out TimeSpan value)
    {
        value = Read(text) ?? TimeSpan.MinValue;
        if (value >= _min && value <= _max) return null;
        var unitMissing = text.Length > 0 && text.All(char.IsAsciiDigit);
        return NotExpected(text) + (unitMissing ? $" (with a unit, like '{text}s')" : "");
    }

    private static TimeSpan? Read(string text)
    {
        if (text == "0") return TimeSpan.Zero;
        foreach (var (unit, length) in _units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal)) continue;
            // Seven digits: no unit overflows.
            if (text.Length - unit.Length > 7) return null;
            var valid = int.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            return valid ? number * length : null;
        }

        return null;
    }
}

/// <summary>Bits per second: "1000000", or with k, M or G (powers of 1000): "2.5G".</summary>
public sealed class SpeedType : ConfigType<ulong>
{
    private const ulong Max = 1_000_000_000_000_000;

    public override string Expected => "a speed in bit/s, like 1000000, 512k, 100M or 2.5G";

    public override string? Parse(string text, out ulong value)
    {
        value = 0;
        var factor = text.Length == 0 ? 1 : text[^1] switch { 'k' => 1_000m, 'M' => 1_000_000m, 'G' => 1_000_000_000m, _ => 1m };
        var digits = factor == 1 ? text : text[..^1];
        if (digits.Length > 16) return NotExpected(text);
        var isNumber = decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        number *= factor;
        if (!isNumber || number < 1 || number > Max || number != decimal.Truncate(number)) return NotExpected(text);
        value = (ulong)number;
        return null;
    }
}

/// <summary>A unicast address of this or another machine.</summary>
public sealed class AddressType : ConfigType<IpAddress>
{
    public override string Expected => "an IPv4 or IPv6 address of one host";

    public override string? Parse(string text, out IpAddress value) =>
        IpAddress.TryParse(text, out value) && IsHost(value) ? null : NotExpected(text);

    private static bool IsHost(IpAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.Write(octets);
        // Not "any", multicast, reserved or broadcast.
        if (address.IsIpv4) return octets[0] is not 0 and < 224;
        return octets[0] != 0xFF && octets.IndexOfAnyExcept((byte)0) >= 0;
    }
}

/// <summary>"49152-53247": above the well-known ports.</summary>
public sealed class PortRangeType : ConfigType<PortRange>
{
    public const ushort Min = 1024;

    public override string Expected => $"two ports from {Min} to 65535, like 49152-53247, without 1701 between them";

    public override string? Parse(string text, out PortRange value)
    {
        value = default;
        if (text.Split('-') is not [var first, var last]) return NotExpected(text);
        if (!ushort.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var from)) return NotExpected(text);
        if (!ushort.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var to)) return NotExpected(text);
        value = new PortRange(from, to);
        return from >= Min && from <= to && (from > 1701 || to < 1701) ? null : NotExpected(text);
    }
}

/// <summary>"isp1.example" or "*.isp1.example", in the case in which it is written: an access service may tell cases apart.</summary>
/// <param name="suffixes">Whether *.isp1.example is one.</param>
public sealed class RealmType(bool suffixes) : ConfigType<string>
{
    public override string Expected => "a realm like isp1.example" + (suffixes ? ", or *.isp1.example for everything below it" : "");

    public override string? Parse(string text, out string value)
    {
        value = text;
        var labels = (suffixes && text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text).Split('.');
        return text.Length <= 253 && labels.All(label => label.Length > 0 && !label.Any(IsOdd)) ? null : NotExpected(text);
    }

    private static bool IsOdd(char c) => c is '*' or '@' or '\\' || char.IsControl(c) || char.IsWhiteSpace(c);
}

/// <summary>A secret as text; errors never show it.</summary>
public sealed class SecretType : ConfigType<Secret>
{
    public override string Expected => "a secret: { file: F }, { credential: C }, { env: E } or { inline: TEXT }";
    public override bool IsSecret => true;

    public override string? Parse(string text, out Secret value)
    {
        value = Secret.FromText(text);
        return text.Length > 0 ? null : "the secret is empty";
    }
}

/// <summary>VLANs of an access service; <see cref="VlanPattern"/>.</summary>
public sealed class VlanType : ConfigType<VlanPattern>
{
    public override string Expected => "untagged, 100, 100-199, 300.7, 200-299.any or 300.1-4094 (S-VLAN.C-VLAN, ids from 1 to 4094)";

    public override string? Parse(string text, out VlanPattern value) => VlanPattern.TryParse(text, out value) ? null : NotExpected(text);
}

public sealed class MacPatternType : ConfigType<MacPattern>
{
    public override string Expected => "a MAC address like 00:53:00:11:22:33, or a prefix like 00:53:00:*";

    public override string? Parse(string text, out MacPattern value) => MacPattern.TryParse(text, out value) ? null : NotExpected(text);
}

/// <summary>A duration, or 'never'.</summary>
public sealed class DelayType(string max) : ConfigType<TimeSpan?>
{
    private readonly DurationType _duration = new("0", max);

    public override string Expected => $"{_duration.Expected}, or never";

    public override string? Parse(string text, out TimeSpan? value)
    {
        value = null;
        if (text == "never") return null;
        var problem = _duration.Parse(text, out var delay);
        value = delay;
        return problem is null ? null : NotExpected(text);
    }
}

/// <summary>Characters between user and realm.</summary>
public sealed class DelimiterType : ConfigType<string>
{
    private const string Known = "@%/\\#";

    public override string Expected => $"some of the characters {Known}";

    public override string? Parse(string text, out string value)
    {
        value = text;
        return text.Length > 0 && text.All(Known.Contains) && text.Distinct().Count() == text.Length ? null : NotExpected(text);
    }
}

/// <summary>A regular expression that the engine without backtracking can run.</summary>
public sealed class RegexType : ConfigType<string>
{
    public const System.Text.RegularExpressions.RegexOptions Options =
        System.Text.RegularExpressions.RegexOptions.NonBacktracking | System.Text.RegularExpressions.RegexOptions.CultureInvariant;

    public override string Expected => "a regular expression without lookaround and backreferences";

    public override string? Parse(string text, out string value)
    {
        value = text;
        try
        {
            _ = new System.Text.RegularExpressions.Regex(text, Options);
            return text.Length is > 0 and <= 500 ? null : NotExpected(text);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            return $"{NotExpected(text)}: {Printable(wrong.Message)}";
        }
    }
}

/// <summary>Visible text on one line, perhaps empty.</summary>
public sealed class AnyTextType(int maxLength) : ConfigType<string>
{
    public override string Expected => string.Create(CultureInfo.InvariantCulture, $"a text of at most {maxLength} octets");

    public override string? Parse(string text, out string value)
    {
        value = text;
        return Encoding.UTF8.GetByteCount(text) <= maxLength && !text.Any(char.IsControl) ? null : NotExpected(text);
    }
}

/// <summary>Text with {names} that are filled in; <see cref="LineTemplate"/>.</summary>
public sealed class TemplateType : ConfigType<string>
{
    public override string Expected => $"a text of at most 255 octets with some of {string.Join(' ', LineTemplate.Names.Select(name => $"{{{name}}}"))}";

    public override string? Parse(string text, out string value)
    {
        value = text;
        return Encoding.UTF8.GetByteCount(text) <= 255 && !text.Any(char.IsControl) && LineTemplate.Problem(text) is null ? null : NotExpected(text);
    }
}

/// <summary>802.1p: "request", "dscp", or 0 to 7.</summary>
public sealed class PriorityType : ConfigType<FramePriority>
{
    public override string Expected => "request, dscp or a priority from 0 to 7";

    public override string? Parse(string text, out FramePriority value)
    {
        value = text == "dscp" ? FramePriority.Dscp : FramePriority.Request;
        if (text is "request" or "dscp") return null;
        if (text is not [>= '0' and <= '7']) return NotExpected(text);
        value = new FramePriority((byte)(text[0] - '0'));
        return null;
    }
}
