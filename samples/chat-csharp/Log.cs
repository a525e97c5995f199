// What happens, on stdout: one JSON object per line for scripts, a short text for people.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Mosis.Samples.Chat;

internal sealed class Log(bool json)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        // Readable text instead of \u escapes; names as in the other samples and in protocol.md.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Writes one event: `{"t": Unix time in ms, "event": …, fields}`; empty texts and null are left out.</summary>
    public void Write(string name, object fields)
    {
        DateTime now = DateTime.UtcNow;
        KeyValuePair<string, JsonNode?>[] filled = [.. JsonSerializer.SerializeToNode(fields, Format)!.AsObject().Where(field => field.Value?.ToString() is not (null or ""))];
        if (!json)
        {
            IEnumerable<string> words = filled.Select(field => $"{field.Key}={field.Value!.ToJsonString(Format)}");
            Console.WriteLine($"{now.ToLocalTime():HH:mm:ss.fff} {name,-17} {string.Join(' ', words)}");
            return;
        }
        var line = new JsonObject { ["t"] = Math.Round((now - DateTime.UnixEpoch).TotalMilliseconds, 3), ["event"] = name };
        foreach ((string key, JsonNode? value) in filled)
        {
            line[key] = value?.DeepClone();
        }
        Console.WriteLine(line.ToJsonString(Format));
    }
}
