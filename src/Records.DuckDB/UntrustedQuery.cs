using System.Text.Json;
using AuctionTracker.Records.Queries;

namespace AuctionTracker.Records.DuckDB;

/// <summary>Decides by what DuckDB's own parser says about a person's query whether it may run.</summary>
internal static class UntrustedQuery
{
    private const string OneSelect = "Only one SELECT is allowed.";

    /// <summary>A query that is nested deeper than DuckDB's own limit of 1,000 does not parse; each level of it is several of JSON.</summary>
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 10_000 };

    /// <summary>Other functions read files, run texts as queries, or turn on a log, which ends the process where it may not be written.</summary>
    private static readonly string[] TableFunctions = ["range", "generate_series", "unnest"];

    /// <summary>Checks that a query is one SELECT that reads nothing but the record.</summary>
    /// <param name="parsed">The answer of <c>json_serialize_sql</c>.</param>
    /// <exception cref="InvalidQueryException">It is not.</exception>
    public static void Check(string parsed)
    {
        using var document = JsonDocument.Parse(parsed, Deep);
        var root = document.RootElement;
        if (root.GetProperty("error").GetBoolean())
        {
            var place = root.TryGetProperty("position", out var position) && int.TryParse(position.GetString(), out var at) ? $" (at character {at + 1})" : "";
            throw new InvalidQueryException(
                root.GetProperty("error_type").GetString() == "parser" ? $"{root.GetProperty("error_message").GetString()}{place}." : OneSelect);
        }

        var nodes = NodesOf(root).ToList();
        if (nodes.Where(node => IsOf(node, "type", "TABLE_FUNCTION")).Select(node => node.GetProperty("function").GetProperty("function_name").GetString()!)
            .Except(TableFunctions).FirstOrDefault() is { } function)
        {
            throw new InvalidQueryException($"{function} is not allowed: a query reads bids, and no other source than {string.Join(", ", TableFunctions)}.");
        }

        if (nodes.Exists(node => IsOf(node, "class", "PARAMETER")))
        {
            throw new InvalidQueryException("A query takes no parameters: write the value in the place of ? or $1.");
        }

        if (root.GetProperty("statements").GetArrayLength() != 1)
        {
            throw new InvalidQueryException(OneSelect);
        }
    }

    private static bool IsOf(JsonElement node, string property, string value) =>
        node.TryGetProperty(property, out var kind) && kind.ValueKind == JsonValueKind.String && kind.ValueEquals(value);

    /// <summary>All objects. A stack of our own: recursion would need as much stack as the query is deep.</summary>
    private static IEnumerable<JsonElement> NodesOf(JsonElement root)
    {
        var open = new Stack<JsonElement>([root]);
        while (open.TryPop(out var node))
        {
            if (node.ValueKind == JsonValueKind.Object)
            {
                yield return node;
            }

            foreach (var child in node.ValueKind switch
            {
                JsonValueKind.Object => node.EnumerateObject().Select(property => property.Value),
                JsonValueKind.Array => node.EnumerateArray(),
                _ => [],
            })
            {
                open.Push(child);
            }
        }
    }
}
