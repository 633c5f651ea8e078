using Npgsql;

namespace AuctionTracker.Storage;

/// <summary>The address of a PostgreSQL database: <c>postgres://user@host:port/database</c>, or Npgsql's own form.</summary>
/// <param name="ConnectionString">Npgsql's form. It may hold the password.</param>
/// <param name="Description">User, host and database, without the password.</param>
public sealed record PostgresAddress(string ConnectionString, string Description)
{
    private const int DefaultPort = 5432;

    static PostgresAddress() =>
        // Otherwise the first and the last moment of the calendar would become PostgreSQL's infinities.
        AppContext.SetSwitch("Npgsql.DisableDateTimeInfinityConversions", true);

    /// <summary>Reads an address. Parameters of a URI after <c>?</c> are Npgsql's keywords.</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">The text is no address. The message does not repeat it.</exception>
    public static PostgresAddress Parse(string text)
    {
        try
        {
            var builder = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "postgres" or "postgresql"
                ? FromUri(uri)
                : new NpgsqlConnectionStringBuilder(text);
            if (builder.Host is not { Length: > 0 })
            {
                throw new FormatException("the address of PostgreSQL names no host");
            }

            return new(builder.ConnectionString, $"{builder.Username}@{builder.Host}:{builder.Port}/{builder.Database}");
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or UriFormatException)
        {
            // The message may repeat a part of the address, which may be the password.
            throw new FormatException("the address of PostgreSQL has a part that is not known; write postgres://user@host/database");
        }
    }

    /// <summary>The address without the password.</summary>
    public override string ToString() => Description;

    private static NpgsqlConnectionStringBuilder FromUri(Uri uri)
    {
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : DefaultPort,
            Username = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : Environment.UserName,
            Database = uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : "auction",
        };
        if (user.Length > 1)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = pair.Split('=', 2) is [var k, var v] ? (k, Uri.UnescapeDataString(v)) : (pair, "");
            builder[key is "sslmode" ? "SSL Mode" : Uri.UnescapeDataString(key)] = value;
        }

        return builder;
    }
}
