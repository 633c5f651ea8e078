using AuctionTracker.Core.Settings;
using AuctionTracker.Integration.Tests.LocalBroker;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Repository;

/// <summary>Runs every command of the README.</summary>
public sealed class ReadmeTests
{
    private const string Run = "dotnet run --project src/";

    /// <summary>These start brokers, which takes long, and are run by the tests that need such a broker.</summary>
    private static readonly string[] RunElsewhere = [PrivateBrokerTests.Command, ClusterTests.Command];

    public static TheoryData<string> Programs => [.. Commands().Where(c => c.StartsWith(Run, StringComparison.Ordinal)).Except(RunElsewhere)];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_runs_as_the_README_says(string command)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Data", "auctions.csv"), folder["ebay-auctions.csv"]);
        await File.WriteAllTextAsync(folder["sales.csv"], "when,who,what,price\n2024-01-01T10:00:00Z,Ann,Vase,10.50\n");
        var words = Words(command[Run.Length..]);
        Assert.True(File.Exists(RepositoryRoot.At($"src/{words[0]}/{words[0]}.csproj")), $"{command}: the project does not exist");
        var arguments = words.Skip(1).SkipWhile(w => w == "--").ToList();
        if (words[0] == "Dashboard")
        {
            arguments.AddRange(["--port", "0", "--open", "n"]); // tests run side by side
        }

        if (words[0] is "Recorder" or "Report" || arguments.Contains("--from"))
        {
            // The database of the README is somebody's; what is verified, forgotten and reported was recorded before.
            var database = (await PostgresCluster.DatabaseAsync()).ToString();
            arguments = [.. arguments.Select(argument => argument.StartsWith("postgres://", StringComparison.Ordinal) ? database : argument)];
            await ProgramUnderTest.RunAsync("Recorder", folder, host.Uri, "--to", "data/bids/", "--to", "data/bids.db", "--idle-exit", "0.5");
        }

        if (arguments is ["sales", ..])
        {
            await ProgramUnderTest.RunAsync("Auctioneer", folder, host.Uri, "--idle-exit", "0.5");
        }

        if (words[0] == "Setup")
        {
            await AnswerAsync(folder, arguments);
            return;
        }

        await using var program = ProgramUnderTest.Start(words[0], folder, host.Uri, arguments);
        if (OutputOfEndless(words[0], arguments) is { } line)
        {
            await program.LineAsync(line);
            program.Interrupt();
        }

        var exitCode = await program.EndAsync();
        Assert.True(exitCode == 0, $"{command} ended with {exitCode}:\n{string.Join('\n', program.Lines)}");
    }

    [Fact]
    public async Task The_other_commands_of_the_README_run_as_well()
    {
        Assert.Empty(RunElsewhere.Except(Commands()));
        var others = Commands().Where(c => !c.StartsWith(Run, StringComparison.Ordinal)).ToList();
        Assert.Equal(["dotnet test", "cp .env.toml.example .env.toml", "docker compose up -d"], others);

        // dotnet test runs this test; CI must run the same.
        Assert.Contains("dotnet test", await File.ReadAllTextAsync(RepositoryRoot.At(".ci/run")), StringComparison.Ordinal);

        using var folder = new TempFolder();
        File.Copy(RepositoryRoot.At(".env.toml.example"), folder[".env.toml.example"]);
        Assert.Equal(0, await ShellAsync("cp .env.toml.example .env.toml", folder.Path));
        var (exitCode, _) = await ProgramUnderTest.RunAsync("Consumer.V4", folder, null, "--help");
        Assert.Equal(0, exitCode);

        // Starting the containers needs a Docker engine; checking the file needs only docker compose.
        var hasCompose = await ShellAsync("docker compose version", folder.Path) == 0;
        Assert.Equal(0, hasCompose ? await ShellAsync("docker compose config --quiet", RepositoryRoot.Path) : 0);
        var compose = await File.ReadAllTextAsync(RepositoryRoot.At("docker-compose.yml"));
        Assert.All(["rabbitmq:4-management", ":5672:5672", ":15672:15672", ":1025:1025", ":8025:8025"], part => Assert.Contains(part, compose, StringComparison.Ordinal));
    }

    /// <summary>Answers Setup's questions: no mail server, and the defaults.</summary>
    private static async Task AnswerAsync(TempFolder folder, List<string> arguments)
    {
        await using var terminal = Terminal.Start("Setup", folder, new Dictionary<string, string?>(), arguments);
        await terminal.AnswerAsync("Mail server", "-");
        await terminal.AnswerAsync("A bid is high above", "");
        await terminal.AnswerAsync("Broker", "");

        Assert.Equal(0, await terminal.EndAsync());
        Assert.True(File.Exists(folder[AuctionSettings.DefaultFile]));
    }

    /// <summary>A line that shows that an endless program works; <see langword="null"/> for a program that ends.</summary>
    private static string? OutputOfEndless(string name, List<string> arguments) =>
        name is "Producer.V2" or "Producer.V3" ? "Sent message to "
        : name == "Producer.V0" ? "Sent message: "
        : name == "Report" && arguments[0] == "midnight" ? "The report of each day goes to reports/"
        : name == "Recorder" && !arguments.Contains("--verify") && !arguments.Contains("--forget") ? "Starting recorder."
        : name.StartsWith("Consumer", StringComparison.Ordinal) ? "Starting consumer."
        : name is "Auctioneer" or "Settlement" or "Statistics" && !arguments.Contains("--stock") && !arguments.Contains("--idle-exit") ? $"Starting {name.ToLowerInvariant()}."
        : name == "Dashboard" ? arguments.Contains("--terminal") ? " bids, " : "The dashboard is at "
        : name == "Demo" && !arguments.Contains("--bids") && !arguments.Contains("--replay") ? "Received "
        : null;

    private static List<string> Commands()
    {
        var commands = new List<string>();
        var inBash = false;
        foreach (var line in File.ReadLines(RepositoryRoot.At("README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inBash = line == "```bash";
            }
            else if (inBash && line.Length > 0)
            {
                commands.Add(line);
            }
        }

        return commands;
    }

    /// <summary>Splits a command at blanks outside double quotes, as a shell does.</summary>
    private static List<string> Words(string command) =>
        [.. command.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))];


    private static async Task<int> ShellAsync(string command, string folder)
    {
        await using var process = OwnedProcess.Start("sh", ["-c", command], workingFolder: folder);
        return await process.Exited.WaitAsync(ProgramUnderTest.Patience);
    }
}
