using System.Text.Encodings.Web;
using System.Text.Json;

namespace AuctionTracker.Report.Formats;

/// <summary>A JSON array with an object for each row, in flat memory. Of columns with the same name, each has its number.</summary>
internal sealed class JsonFormat : IFormat
{
    private const int FlushSize = 1 << 16;

    public async Task WriteAsync(ReportTable table, Stream output, CancellationToken stop)
    {
        await using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        string[] names = [.. table.Columns.Select((name, i) => table.Columns.Take(i).Contains(name) ? $"{name}_{i + 1}" : name)];
        json.WriteStartArray();
        await foreach (var row in table.Rows.WithCancellation(stop))
        {
            json.WriteStartObject();
            foreach (var (i, value) in row.Index())
            {
                json.WritePropertyName(names[i]);
                Write(json, value, table.Zone);
            }

            json.WriteEndObject();
            if (json.BytesPending > FlushSize)
            {
                await json.FlushAsync(stop);
            }
        }

        json.WriteEndArray();
        await json.FlushAsync(stop);
        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, object? value, TimeZoneInfo zone)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(Cells.Write(value, zone));
                break;
        }
    }
}
