using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Setup;

public sealed class SetupTests : IAsyncLifetime, IDisposable
{
    private const string Password = "corr\"ect h\\orse";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();
    private readonly PrivateAuthority _authority;
    private VirtualHost _host = null!;

    public SetupTests() => _authority = new PrivateAuthority(_folder);

    private string Settings => _folder[".env.toml"];

    public async Task InitializeAsync() => _host = await Rabbit.HostAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_answered_is_tested_and_written_for_its_owner_only()
    {
        await using var server = await MailServer.StartWithLoginAsync(_authority, "seller@example.com", Password);
        await using var setup = Start();
        await AnswerAsync(setup, server.Port, Password);

        Assert.Equal(0, await setup.EndAsync());

        string[] said = ["Broker test: well.", "Mail test, session: well.", "Wrote .env.toml, readable by its owner only."];
        Assert.All(said, line => Assert.Contains(line, setup.Screen, StringComparison.Ordinal));
        Assert.Equal("mail", (await server.NextAsync()).GetProperty("event").GetString());
        Assert.Equal(
            $"""
            # Auction Tracker: settings. What is not in here has its default; README.md explains each.
            outgoing_email_host = "localhost"
            outgoing_email_port = {server.Port}
            outgoing_email_address = "seller@example.com"
            outgoing_email_password = "corr\"ect h\\orse"
            receiver_email_address = "boss@example.com"

            [alerts]
            threshold = 900

            [broker]
            uri = "{_host.Uri}"

            """,
            await ReadAsync());
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Settings));
        await AssertShownNowhereAsync(setup, "ect h");
    }

    [Fact]
    public async Task An_existing_file_keeps_its_comments_and_Enter_keeps_its_values()
    {
        await using var server = await MailServer.StartWithLoginAsync(_authority, "seller@example.com", Password);
        var before = $"""
            # mine
            outgoing_email_password = 'corr"ect h\orse' # the app password
            outgoing_email_address = "seller@example.com"
            outgoing_email_host = "localhost"
            outgoing_email_port = {server.Port}
            receiver_email_address = "boss@example.com"
            [consumer]
            window = 7   # seven
            [broker]
            uri = "{_host.Uri}"
            [alerts]
              threshold = 900 # high
            """;
        await File.WriteAllTextAsync(Settings, before);
        File.SetUnixFileMode(Settings, OwnerOnly | UnixFileMode.OtherRead);
        await using var setup = Start();
        await AnswerAsync(setup, port: null, password: "", sender: "", receiver: "", threshold: "950", broker: "");

        Assert.Equal(0, await setup.EndAsync());

        Assert.Equal(before.Replace("= 900", "= 950", StringComparison.Ordinal), (await ReadAsync()).TrimEnd());
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Settings));
        await AssertShownNowhereAsync(setup, "ect h", "guest:guest");
    }

    [Fact]
    public async Task A_wrong_password_is_named_with_its_step_and_can_be_corrected()
    {
        await using var server = await MailServer.StartWithLoginAsync(_authority, "seller@example.com", Password);
        await using var setup = Start();
        await AnswerAsync(setup, server.Port, "hunter2");
        await setup.SeeAsync($"Mail test, login: localhost:{server.Port} refused the login of seller@example.com. Check outgoing_email_password");
        Assert.False(File.Exists(Settings));
        await setup.AnswerAsync("Change the answers, save anyway, or leave without saving?", "");
        await AnswerAsync(setup, port: null, Password, sender: "", receiver: "", threshold: "", broker: "");

        Assert.Equal(0, await setup.EndAsync());

        Assert.Contains("""outgoing_email_password = "corr\"ect h\\orse" """.TrimEnd(), await ReadAsync(), StringComparison.Ordinal);
        await AssertShownNowhereAsync(setup, "ect h", "hunter2");
    }

    [Fact]
    public async Task A_wrong_answer_is_asked_for_again_with_what_is_allowed()
    {
        await using var setup = Start();
        await setup.AnswerAsync("Mail server", "localhost");
        await setup.AnswerAsync("Its port", "70000");
        await setup.SeeAsync("outgoing_email_port is \"70000\": it must be a port from 1 to 65535.");
        await setup.AnswerAsync("Its port", "25");
        await setup.AnswerAsync("Sender's address", "");
        await setup.SeeAsync("outgoing_email_address is \"\": it must be one e-mail address.");
        await setup.InterruptAsync("Sender's address");

        Assert.Equal(0, await setup.EndAsync());
    }

    [Theory]
    [InlineData("Mail server")]
    [InlineData("Password")]
    public async Task Ctrl_C_leaves_the_file_as_it_was(string question)
    {
        await File.WriteAllTextAsync(Settings, "outgoing_email_port = 26\n");
        await using var setup = Start();
        if (question == "Password")
        {
            await setup.AnswerAsync("Mail server", "smtp.gmail.com");
            await setup.AnswerAsync("Its port", "");
            await setup.AnswerAsync("Sender's address", "seller@example.com");
            await setup.SeeAsync("https://myaccount.google.com/apppasswords");
        }

        await setup.InterruptAsync(question);

        Assert.Equal(0, await setup.EndAsync());
        Assert.Contains("Setup interrupted. Nothing was written.", setup.Screen, StringComparison.Ordinal);
        Assert.Equal("outgoing_email_port = 26\n", await ReadAsync());
    }

    [Theory]
    [InlineData("this is no TOML", ".env.toml:1, column 6: not TOML: ")]
    [InlineData("outgoing_email_hots = \"x\"", ".env.toml:1: outgoing_email_hots is not a setting. Did you mean outgoing_email_host?")]
    public async Task A_file_with_a_mistake_is_refused_untouched(string text, string mistake)
    {
        await File.WriteAllTextAsync(Settings, text);
        await using var setup = Start();

        Assert.Equal(2, await setup.EndAsync());

        Assert.Contains(mistake, setup.Screen, StringComparison.Ordinal);
        Assert.Equal(text, await ReadAsync());
    }

    [Fact]
    public async Task Half_a_mail_setup_is_completed()
    {
        await File.WriteAllTextAsync(Settings, "outgoing_email_host = \"localhost\"\noutgoing_email_address = \"seller\"\n");
        await using var server = await MailServer.StartAsync();
        await using var setup = Start();
        await AnswerAsync(setup, server.Port, "");

        Assert.Equal(0, await setup.EndAsync());
        Assert.Contains("outgoing_email_address = \"seller@example.com\"", await ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_said_and_saved_all_the_same()
    {
        var (exitCode, output) = await PipeAsync($"-\n800\namqp://localhost:{FreePort.Take()}/\n");

        Assert.Equal(0, exitCode);
        Assert.Contains("Broker test: Connection to RabbitMQ server failed: nothing answers at localhost:", output, StringComparison.Ordinal);
        Assert.Contains("Wrote .env.toml", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbolic_link_in_the_current_folder_is_followed()
    {
        Directory.CreateDirectory(_folder["mine"]);
        _folder.Write("mine/real.toml", "# real\n");
        File.CreateSymbolicLink(Settings, "mine/real.toml");

        var (exitCode, _) = await PipeAsync($"-\n900\namqp://localhost:{FreePort.Take()}/\n");

        Assert.Equal(0, exitCode);
        Assert.Contains("threshold = 900", await File.ReadAllTextAsync(_folder["mine/real.toml"]), StringComparison.Ordinal);
        Assert.Equal("mine/real.toml", new FileInfo(Settings).LinkTarget);
    }

    [Fact]
    public async Task A_broker_that_refuses_is_asked_about()
    {
        var wrong = new UriBuilder(_host.Uri) { UserName = "guest", Password = "hunter2" }.Uri;

        var (exitCode, output) = await PipeAsync($"-\n800\n{wrong}\nleave\n");

        Assert.Equal(0, exitCode);
        Assert.Contains("refuses the login of user 'guest'", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Settings));
    }

    [Theory]
    [InlineData("", "There is nobody to ask: ")]
    [InlineData("localhost\n70000\n25\n", "outgoing_email_port is \"70000\": it must be a port from 1 to 65535.")]
    [InlineData("localhost\n25\na@example.com\nsecret\n", "There is nobody to ask: ")]
    public async Task A_pipe_that_ends_or_errs_writes_nothing(string answers, string mistake)
    {
        var (exitCode, output) = await PipeAsync(answers);

        Assert.Equal(2, exitCode);
        Assert.Contains(mistake, output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Settings));
    }

    private Terminal Start() =>
        Terminal.Start("Setup", _folder, new Dictionary<string, string?> { ["SSL_CERT_FILE"] = _authority.Certificate, ["AUCTION_BROKER"] = null });

    private Task AnswerAsync(Terminal setup, int? port, string password) =>
        AnswerAsync(setup, port, password, "seller@example.com", "boss@example.com", "900", _host.Uri.ToString());

    private static async Task AnswerAsync(
        Terminal setup, int? port, string password, string sender, string receiver, string threshold, string broker)
    {
        await setup.AnswerAsync("Mail server", port is null ? "" : "localhost");
        await setup.AnswerAsync("Its port", $"{port}");
        await setup.AnswerAsync("Sender's address", sender);
        await setup.AnswerAsync("Password", password);
        await setup.AnswerAsync("Receiver's address", receiver);
        await setup.AnswerAsync("A bid is high above", threshold);
        await setup.AnswerAsync("Broker", broker);
    }

    private async Task<(int ExitCode, string Output)> PipeAsync(string answers)
    {
        var output = new List<string>();
        var assembly = Path.Combine(AppContext.BaseDirectory, "AuctionTracker.Setup.dll");
        var input = _folder.Write("answers", answers);
        await using var process = OwnedProcess.Start(
            "sh", ["-c", $"exec dotnet {assembly} <{input}"], new Dictionary<string, string?> { ["AUCTION_BROKER"] = null },
            _folder.Path, output.Add, output.Add);
        return (await process.Exited.WaitAsync(ProgramUnderTest.Patience), string.Join('\n', output));
    }

    private Task<string> ReadAsync() => File.ReadAllTextAsync(Settings);

    private async Task AssertShownNowhereAsync(Terminal setup, params string[] secrets)
    {
        var log = await File.ReadAllTextAsync(_folder["logs/setup.log"]);
        Assert.Contains("Wrote .env.toml", log, StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, setup.Screen, StringComparison.Ordinal));
    }
}
