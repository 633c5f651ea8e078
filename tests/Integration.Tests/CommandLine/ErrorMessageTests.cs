using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.CommandLine;

/// <summary>Each error is one sentence and an exit code: 1 for a failure, 2 for a wrong flag or setting.</summary>
public sealed class ErrorMessageTests
{
    [Theory]
    [InlineData("Producer.V1")]
    [InlineData("Producer.V2")]
    [InlineData("Producer.V3")]
    [InlineData("Consumer.V1")]
    [InlineData("Consumer.V2")]
    [InlineData("Consumer.V3")]
    [InlineData("Consumer.V4")]
    public async Task Without_a_broker_a_program_says_how_to_get_one_and_ends(string name)
    {
        using var folder = new TempFolder();
        var port = FreePort.Take();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(name, folder, new Uri($"amqp://guest:guest@localhost:{port}/"));

        Assert.Equal(1, exitCode);
        Assert.Equal(
            $"Connection to RabbitMQ server failed: nothing answers at localhost:{port}. Start one with 'dotnet run --project src/LocalBroker', " +
            "or say where yours is with --broker amqp://user:password@host:5672/.",
            texts[^2]);
        Assert.DoesNotContain(texts, t => t.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_about_a_wrong_password_does_not_show_it()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(
            "Consumer.V1", folder, new UriBuilder(host.Uri) { UserName = "guest", Password = "hunter2" }.Uri);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Connection to RabbitMQ server failed: localhost:{host.Uri.Port} refuses the login of user 'guest'. Check user and password in --broker.", texts);
        Assert.DoesNotContain(texts, t => t.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_virtual_host_is_named()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Producer.V3", folder, new UriBuilder(host.Uri) { Path = "nowhere" }.Uri);

        Assert.Equal(1, exitCode);
        Assert.Contains(
            $"Connection to RabbitMQ server failed: localhost:{host.Uri.Port} has no virtual host 'nowhere', or it is down. " +
            "Check the path in --broker, or add the host on the admin site.",
            texts);
    }

    [Fact]
    public async Task A_queue_declared_with_other_arguments_is_named()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using (var connection = await Rabbit.ConnectAsync(host.Uri))
        {
            await using var channel = await connection.CreateChannelAsync();
            await channel.QueueDeclareAsync("auction_queue", durable: false, exclusive: false, autoDelete: false);
        }

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Consumer.V1", folder, host.Uri);

        Assert.Equal(1, exitCode);
        var text = Assert.Single(texts, t => t.StartsWith("Connection to RabbitMQ server failed: ", StringComparison.Ordinal));
        Assert.Contains("inequivalent arg 'durable' for queue 'auction_queue'", text, StringComparison.Ordinal);
        Assert.EndsWith("It exists with other arguments: take out what you need, delete it on the admin site, or set [broker] queue_type to match.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--threshold abc", "--threshold is \"abc\": it must be an amount from 0 to 1000000000000, or off.")]
    [InlineData("--nonsense", "Unrecognized command or argument '--nonsense'. See --help.")]
    [InlineData("--treshold 900", "Unrecognized command or argument '--treshold'. Did you mean --threshold? See --help.")]
    [InlineData("--treshold=900", "Unrecognized command or argument '--treshold=900'. Did you mean --threshold? See --help.")]
    [InlineData("--count", "Required argument missing for option: '--count'. See --help.")]
    [InlineData("--count 0", "--count is \"0\": it must be a whole number from 1 to 2147483647.")]
    [InlineData("--settings nowhere.toml", "The settings file nowhere.toml can't be read: ")]
    [InlineData("--settings ", "--settings is \"\": it must be a file's name.")]
    [InlineData("--logs /proc/nowhere", "Logs can't be written to /proc/nowhere: ")]
    [InlineData("--broker localhost", "--broker is wrong: it must be one or more addresses such as amqp://user:password@host:5672/vhost, separated by commas.")]
    public async Task A_wrong_flag_is_exit_code_2(string arguments, string message)
    {
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Consumer.V4", folder, null, arguments.Split(' '));

        Assert.Equal(2, exitCode);
        Assert.StartsWith(message, Assert.Single(texts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_command_gets_a_suggestion()
    {
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("DeadLetters", folder, null, "lst");

        Assert.Equal(2, exitCode);
        Assert.Equal(
            "Argument 'lst' not recognized. Must be one of: 'list' 'show' 'replay' 'edit' 'export' 'purge'. Did you mean list? See --help.",
            Assert.Single(texts));
    }

    [Fact]
    public async Task An_error_in_the_settings_file_names_file_line_and_key()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder[".env.toml"], "# mine\n[alerts]\nthreshold = \"a lot\"\n");

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Consumer.V4", folder, null);

        Assert.Equal(2, exitCode);
        Assert.Equal(".env.toml:3: alerts.threshold is \"a lot\": it must be an amount from 0 to 1000000000000, or off.", Assert.Single(texts));
    }
}
