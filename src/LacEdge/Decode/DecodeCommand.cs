using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Text;
using LacEdge.Wire;

namespace LacEdge.Decode;

/// <summary><c>lacedge decode FILE|-</c>: what a capture says about PPPoE, PPP, L2TP and RADIUS.</summary>
internal static class DecodeCommand
{
    private const int Ok = 0, Unreadable = 1, FlushSize = 64 * 1024;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "pcap or pcapng file; - reads standard input" };
        var output = new Option<string>("--output", "-o")
        {
            Description = "text: a line a frame for people; jsonl: an object a frame for programs",
            DefaultValueFactory = _ => "text",
        };
        output.AcceptOnlyFromAmong("text", "jsonl");
        var ladder = new Option<bool>("--ladder") { Description = "Draw the call flow: a column for each end, an arrow for each message" };
        var secret = new Option<string?>("--secret") { Description = "Tunnel secret, to reveal hidden AVPs", HelpName = "TEXT" };
        var showSecrets = new Option<bool>("--show-secrets") { Description = "Print passwords instead of asterisks (text only)" };

        var command = new Command("decode", "Decode a capture: PPPoE, PPP, L2TP, RADIUS") { file, output, ladder, secret, showSecrets };
        command.Validators.Add(result =>
        {
            if (result.GetValue(ladder) && result.GetValue(output) == "jsonl") result.AddError("--ladder is text: leave out -o jsonl");
        });
        command.SetAction(result =>
        {
            var options = new DecodeOptions(
                result.GetValue(output) == "jsonl", result.GetValue(ladder), result.GetValue(secret) ?? "", result.GetValue(showSecrets));
            return Run(result.GetValue(file)!, options, Console.OpenStandardInput, Console.OpenStandardOutput(), Console.Error);
        });
        return command;
    }

    /// <summary>Decodes to <paramref name="output"/>; problems with the file itself are told to <paramref name="errors"/>.</summary>
    internal static int Run(string path, DecodeOptions options, Func<Stream> standardInput, Stream output, TextWriter errors)
    {
        try
        {
            using var input = path == "-" ? standardInput() : File.OpenRead(path);
            var (error, frames) = Decode(input, options, output);
            if (error == DecodeError.None) return Ok;
            var what = error == DecodeError.CaptureTruncated && frames > 0
                ? string.Create(CultureInfo.InvariantCulture, $"the file ends inside of what follows frame {frames}")
                : frames > 0 ? string.Create(CultureInfo.InvariantCulture, $"what follows frame {frames} is not a capture record")
                : "not a pcap or pcapng file";
            errors.WriteLine($"lacedge: {path}: {what}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"lacedge: {path}: {e.Message}");
        }

        return Unreadable;
    }

    private static (DecodeError Error, long Frames) Decode(Stream input, DecodeOptions options, Stream output)
    {
        var decoder = new FrameDecoder(Encoding.UTF8.GetBytes(options.Secret));
        long frames = 0;
        DecodeError error;
        if (options.Json)
        {
            var buffer = new ArrayBufferWriter<byte>();
            using var json = new JsonFormat(buffer);
            error = CaptureFile.Read(input, (number, in record) =>
            {
                json.Write(decoder.Decode(frames = number, record));
                if (buffer.WrittenCount >= FlushSize) Flush();
            }, Flush);
            Flush();
            return (error, frames);

            void Flush()
            {
                output.Write(buffer.WrittenSpan);
                output.Flush();
                buffer.ResetWrittenCount();
            }
        }

        using var text = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        if (options.Ladder)
        {
            var ladder = new FrameLadder();
            error = CaptureFile.Read(input, (number, in record) => ladder.Add(decoder.Decode(frames = number, record)));
            ladder.Write(text);
            return (error, frames);
        }

        var format = new TextFormat(options.ShowSecrets);
        error = CaptureFile.Read(
            input, (number, in record) => text.WriteLine(format.Line(decoder.Decode(frames = number, record))), text.Flush);
        return (error, frames);
    }
}

/// <param name="Secret">Tunnel secret; empty for none.</param>
internal sealed record DecodeOptions(bool Json = false, bool Ladder = false, string Secret = "", bool ShowSecrets = false);
