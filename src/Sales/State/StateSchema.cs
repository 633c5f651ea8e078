using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.State;

/// <summary>The tables of a program's database, for those who read it.</summary>
/// <param name="Name">The name of the schema, and of the program in the settings.</param>
/// <param name="Version">The version of the schema that the tables are of.</param>
/// <param name="Tables">The tables.</param>
public sealed record StateSchema(string Name, int Version, IReadOnlyList<StoredTable> Tables)
{
    /// <summary>The state of Auctioneer.</summary>
    public static StateSchema Auctioneer { get; } = new(AuctionSchema.Name, AuctionSchema.Versions.Count, AuctionSchema.Tables);

    /// <summary>The state of Settlement.</summary>
    public static StateSchema Settlement { get; } = new(SettlementSchema.Name, SettlementSchema.Versions.Count, SettlementSchema.Tables);

    /// <summary>The name of the program.</summary>
    public string Program => $"{char.ToUpperInvariant(Name[0])}{Name[1..]}";

    /// <summary>The table that only a database of the program has.</summary>
    public string OwnTable => $"{Name}_owner";

    /// <summary>Says that a database is not one of the program, and what to do.</summary>
    /// <param name="database">The name of the database.</param>
    public string Refuse(string database) =>
        $"{database} is not a database of {Program}. Name that one in the settings with [{Name}] database, or in Report with --from.";

    /// <summary>Checks that a database can be read.</summary>
    /// <param name="database">The name of the database.</param>
    /// <param name="version">The version of its schema, or <see langword="null"/> if it is not the program's.</param>
    /// <exception cref="IOException">It can't; the message says what to do.</exception>
    public void Require(string database, long? version)
    {
        if (version is null or 0)
        {
            throw new IOException(Refuse(database));
        }

        if (version != Version)
        {
            throw new IOException(version > Version
                ? $"{database} was written by a newer Auction Tracker (schema {version}; this one supports {Version}). Read it with that version."
                : $"{database} was written by an older Auction Tracker (schema {version}; this one reads {Version}). Start {Program} with it once, which upgrades it.");
        }
    }
}
