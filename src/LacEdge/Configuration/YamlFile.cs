using System.Collections.Immutable;
using System.Text;
using LacEdge.Core.Config;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LacEdge.Configuration;

/// <summary>
/// Reads one YAML file into a <see cref="ConfigNode"/> tree, over the parser's events: they know every position, and a
/// duplicate key is reported like any other problem. Anchors, aliases, tags and further documents are refused: a
/// configuration says things once, where they are.
/// </summary>
internal sealed class YamlFile
{
    /// <summary>Far more than the key table needs.</summary>
    private const int MaxDepth = 32;

    private readonly string _file;
    private readonly ConfigProblems _problems;
    private readonly Parser _parser;

    private YamlFile(string file, string text, ConfigProblems problems)
    {
        _file = file;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <param name="file">The name for error messages.</param>
    /// <returns>Null when the file is not a YAML mapping; the problem is reported.</returns>
    public static MappingNode? Parse(string file, ReadOnlySpan<byte> content, ConfigProblems problems)
    {
        if (content.StartsWith(Encoding.UTF8.Preamble)) content = content[Encoding.UTF8.Preamble.Length..];
        if (Utf8Fault(content) is { } fault)
        {
            problems.Error(new ConfigPlace(file, fault.Line, fault.Column), "", "not UTF-8 text");
            return null;
        }

        return new YamlFile(file, Encoding.UTF8.GetString(content), problems).ParseDocument();
    }

    private MappingNode? ParseDocument()
    {
        try
        {
            Next<StreamStart>();
            if (_parser.Current is StreamEnd) return new MappingNode(new ConfigPlace(_file, 1, 1), []);
            Next<DocumentStart>();
            var root = ParseNode(0);
            Next<DocumentEnd>();
            if (_parser.Current is DocumentStart second) Refuse(second.Start, "a second YAML document begins here; a file holds one");
            if (root.IsNull) return new MappingNode(root.Place, []);
            if (root is MappingNode mapping) return mapping;
            _problems.Error(root.Place, "", $"expected a mapping (key: value), found {root.Kind}");
        }
        catch (YamlException problem)
        {
            _problems.Error(Place(problem.Start), "", "cannot be read as YAML: " + Sentence(problem.Message));
        }
        catch (InvalidOperationException)
        {
            // The parser throws this, without a position, for some malformed flow collections.
            _problems.Error(Place(_parser.Current?.End ?? Mark.Empty), "", "cannot be read as YAML: malformed near here");
        }

        return null;
    }

    private ConfigNode ParseNode(int depth)
    {
        var start = _parser.Current!.Start;
        if (depth > MaxDepth) throw new YamlException(start, start, "nested too deeply");
        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false }) Refuse(start, "anchors are not supported");
        if (_parser.Current is NodeEvent { Tag.IsEmpty: false }) Refuse(start, "tags are not supported");
        return _parser.Current switch
        {
            MappingStart => ParseMapping(depth),
            SequenceStart => ParseSequence(depth),
            AnchorAlias => ParseAlias(),
            _ => ParseScalar(),
        };
    }

    private ScalarNode ParseAlias()
    {
        var place = Place(Next<AnchorAlias>().Start);
        _problems.Error(place, "", "aliases are not supported");
        return new ScalarNode(place, "", isNull: true);
    }

    private ScalarNode ParseScalar()
    {
        var scalar = Next<Scalar>();
        var isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null";
        return new ScalarNode(Place(scalar.Start), scalar.Value, isNull);
    }

    private SequenceNode ParseSequence(int depth)
    {
        var start = Next<SequenceStart>().Start;
        var items = ImmutableArray.CreateBuilder<ConfigNode>();
        while (_parser.Current is not SequenceEnd) items.Add(ParseNode(depth + 1));
        Next<SequenceEnd>();
        return new SequenceNode(Place(start), items.ToImmutable());
    }

    private MappingNode ParseMapping(int depth)
    {
        var start = Next<MappingStart>().Start;
        var entries = ImmutableArray.CreateBuilder<ConfigEntry>();
        while (_parser.Current is not MappingEnd)
        {
            var key = ParseNode(depth + 1);
            var value = ParseNode(depth + 1);
            if (key is not ScalarNode { Text: var name })
            {
                _problems.Error(key.Place, "", $"a key is a word, not {key.Kind}");
            }
            else if (entries.FirstOrDefault(entry => entry.Key == name) is { } first)
            {
                _problems.Error(key.Place, "", $"the key '{name}' stands here twice; first at {first.Place}");
            }
            else
            {
                entries.Add(new ConfigEntry(name, key.Place, value));
            }
        }

        Next<MappingEnd>();
        return new MappingNode(Place(start), entries.ToImmutable());
    }

    /// <summary>Takes the current event, which must be a <typeparamref name="T"/>, and moves on.</summary>
    private T Next<T>() where T : ParsingEvent
    {
        if (_parser.Current is null) _parser.MoveNext();
        if (_parser.Current is not T taken)
        {
            throw new YamlException(_parser.Current?.Start ?? Mark.Empty, _parser.Current?.End ?? Mark.Empty, "malformed");
        }

        _parser.MoveNext();
        return taken;
    }

    private void Refuse(Mark mark, string message) => _problems.Error(Place(mark), "", message);

    private ConfigPlace Place(Mark mark) => new(_file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string Sentence(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    private static (int Line, int Column)? Utf8Fault(ReadOnlySpan<byte> content)
    {
        var (line, column) = (1, 1);
        while (!content.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(content, out var rune, out var size) != System.Buffers.OperationStatus.Done) return (line, column);
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + 1);
            content = content[size..];
        }

        return null;
    }
}
