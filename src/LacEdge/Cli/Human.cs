using System.Globalization;

namespace LacEdge.Cli;

/// <summary>Figures for people's tables: short and of steady width.</summary>
internal static class Human
{
    /// <summary>Two units at most: "3d04h", "4h12m", "12m05s", "8s".</summary>
    public static string Duration(TimeSpan span)
    {
        if (span < TimeSpan.Zero) span = TimeSpan.Zero;
        if (span.TotalDays >= 1) return string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays}d{span.Hours:00}h");
        if (span.TotalHours >= 1) return string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h{span.Minutes:00}m");
        if (span.TotalMinutes >= 1) return string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m{span.Seconds:00}s");
        return string.Create(CultureInfo.InvariantCulture, $"{span.Seconds}s");
    }

    /// <summary>Powers of 1000, three digits: "999B", "1.23kB", "310MB".</summary>
    public static string Octets(ulong octets)
    {
        if (octets < 1000) return string.Create(CultureInfo.InvariantCulture, $"{octets}B");
        double value = octets;
        var unit = -1;
        do
        {
            value /= 1000;
            unit++;
        }
        while (value >= 999.5 && unit < 4);

        var digits = value < 9.995 ? "0.00" : value < 99.95 ? "0.0" : "0";
        return value.ToString(digits, CultureInfo.InvariantCulture) + "kMGTP"[unit] + "B";
    }
}
