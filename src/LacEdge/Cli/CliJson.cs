using System.Text.Json.Serialization;

namespace LacEdge.Cli;

/// <summary>Rows that the command line makes itself.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CounterRow))]
internal sealed partial class RowJson : JsonSerializerContext;

/// <summary>Whole documents that the command line makes itself.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(CheckReport))]
internal sealed partial class DocumentJson : JsonSerializerContext;
