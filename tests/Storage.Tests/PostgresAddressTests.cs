using Npgsql;
using Xunit;

namespace AuctionTracker.Storage.Tests;

public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgres://ann@db.example/bids", "ann@db.example:5432/bids")]
    [InlineData("postgresql://ann:s%40cret@[::1]:6543/my%20bids?sslmode=require", "ann@[::1]:6543/my bids")]
    [InlineData("Host=db.example;Username=ann;Password=s@cret;Database=bids", "ann@db.example:5432/bids")]
    public void An_address_is_described_without_its_password(string text, string description)
    {
        var address = PostgresAddress.Parse(text);

        Assert.Equal(description, address.Description);
        Assert.Equal(description, $"{address}");
    }

    [Fact]
    public void The_parts_of_a_URI_are_decoded()
    {
        var builder = new NpgsqlConnectionStringBuilder(
            PostgresAddress.Parse("postgres://a%3Ann:s%40c%2Fret@db:6543/my%20bids?sslmode=require&Application%20Name=x%26y").ConnectionString);

        Assert.Equal(("a:nn", "s@c/ret", "db", 6543, "my bids"), (builder.Username, builder.Password, builder.Host, builder.Port, builder.Database));
        Assert.Equal((SslMode.Require, "x&y"), (builder.SslMode, builder.ApplicationName));
    }

    [Theory]
    [InlineData("postgres://ann:secret@db/bids?color=blue")]
    [InlineData("postgres:///bids")]
    [InlineData("Host=db;Colour=secret")]
    [InlineData("Host=db;Port=secret")]
    public void A_wrong_address_is_refused_without_repeating_it(string text)
    {
        var error = Assert.Throws<FormatException>(() => PostgresAddress.Parse(text));

        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
