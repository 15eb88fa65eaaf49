using System.Text.Json;

namespace LacEdge.Api;

/// <summary>Names of enum values towards people and programs: kebab-case as values, snake_case as keys.</summary>
internal static class ApiWords
{
    public static string Value<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
    public static string Key<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
