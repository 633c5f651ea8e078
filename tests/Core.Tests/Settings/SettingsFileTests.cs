using System.Diagnostics;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class SettingsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Name => _folder[".env.toml"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_value_on_several_lines_is_replaced()
    {
        _folder.Write(".env.toml", "[broker]\nuri = [\n  \"amqp://u:hunter2@one/\",\n  \"amqp://two/\",\n] # mine\n");
        var file = await OpenAsync();

        await file.With(AllSettings.BrokerUris, "amqp://three/").SaveAsync(CancellationToken.None);

        Assert.Equal("[broker]\nuri = \"amqp://three/\" # mine\n", await File.ReadAllTextAsync(Name));
        Assert.Same(file, file.With(AllSettings.BrokerUris, "amqp://u:hunter2@one/,amqp://two/"));
    }

    [Fact]
    public async Task A_change_that_would_break_the_file_is_refused_with_its_place()
    {
        _folder.Write(".env.toml", "\nalerts = { threshold = 900, outbox = \"o\" }\n");
        var file = await OpenAsync();

        var error = Assert.Throws<SettingsException>(() => file.With(AllSettings.Threshold, null));

        Assert.Equal(
            $"{Name}:2: alerts.threshold can't be changed in place. Put the key on a line of its own, outside of braces, and start again.",
            error.Message);
    }

    [Theory]
    [InlineData("abcd efgh")]
    [InlineData("\"\\'#=[]")]
    [InlineData("\\u0041 \\")]
    [InlineData("\t\n\r\0\u001b\u007f\u0085\u2028")]
    [InlineData("pässwörd 🔑")]
    public async Task A_text_reads_back_as_it_was_set(string text)
    {
        await (await OpenAsync()).With(AllSettings.MailPassword, text).SaveAsync(CancellationToken.None);

        Assert.Equal(text, (await OpenAsync()).TextOf(AllSettings.MailPassword));
    }

    [Theory]
    [InlineData("900", "threshold = 900")]
    [InlineData("900.5", "threshold = 900.5")]
    [InlineData("900.50", "threshold = \"900.50\"")]
    [InlineData("1e3", "threshold = \"1e3\"")]
    public async Task A_number_is_written_without_quotes_if_it_reads_back_digit_by_digit(string text, string line)
    {
        await (await OpenAsync()).With(AllSettings.Threshold, text).SaveAsync(CancellationToken.None);

        Assert.Contains(line, await File.ReadAllLinesAsync(Name));
    }

    [Fact]
    public async Task A_password_of_digits_is_quoted_and_a_commented_out_password_is_empty()
    {
        var file = (await OpenAsync()).With(AllSettings.MailPassword, "12345678");
        await file.SaveAsync(CancellationToken.None);
        Assert.Contains("outgoing_email_password = \"12345678\"", await File.ReadAllLinesAsync(Name));

        await file.With(AllSettings.MailPassword, null).SaveAsync(CancellationToken.None);
        Assert.Contains("# outgoing_email_password = \"\"", await File.ReadAllLinesAsync(Name));
    }

    [Fact]
    public async Task A_wrong_value_of_a_setting_that_will_be_set_is_no_error_yet()
    {
        _folder.Write(".env.toml", "outgoing_email_port = \"abc\"\noutgoing_email_host = \"localhost\"\n");
        await Assert.ThrowsAsync<SettingsException>(() => SettingsFile.OpenAsync(Name, [], CancellationToken.None));

        var file = await SettingsFile.OpenAsync(Name, [AllSettings.MailPort], CancellationToken.None);

        Assert.Equal("abc", file.TextOf(AllSettings.MailPort));
        Assert.Throws<SettingsException>(file.Read);
    }

    [Fact]
    public async Task A_symbolic_link_is_followed()
    {
        _folder.Write("real.toml", "# real\n");
        File.CreateSymbolicLink(Name, "real.toml");

        await (await OpenAsync()).With(AllSettings.Threshold, "900").SaveAsync(CancellationToken.None);

        Assert.Equal("real.toml", new FileInfo(Name).LinkTarget);
        Assert.Equal("# real\n\n[alerts]\nthreshold = 900\n", await File.ReadAllTextAsync(_folder["real.toml"]));
    }

    [Fact]
    public async Task A_value_that_is_not_Unicode_is_refused_without_showing_it()
    {
        var file = await OpenAsync();

        var error = Assert.Throws<SettingsException>(() => file.With(AllSettings.MailPassword, "hunter2\ud800"));

        Assert.Equal("outgoing_email_password can't be written: it is not Unicode text. Start again with another value.", error.Message);
    }

    [Theory]
    [InlineData("device")]
    [InlineData("pipe")]
    [InlineData("link")]
    public async Task A_device_or_a_pipe_is_refused_without_opening_it(string kind)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var path = kind == "device" ? "/dev/null" : Name;
        if (kind != "device")
        {
            var pipe = kind == "pipe" ? Name : _folder["pipe"];
            using var mkfifo = Process.Start("mkfifo", [pipe]);
            await mkfifo.WaitForExitAsync();
            _ = kind == "link" ? File.CreateSymbolicLink(Name, pipe) : null;
        }

        var error = await Assert.ThrowsAsync<SettingsException>(() => SettingsFile.OpenAsync(path, [], CancellationToken.None));

        Assert.Equal($"{path} is a device or a pipe. Choose a file with --settings.", error.Message);
    }

    [Fact]
    public async Task A_missing_folder_is_an_error_on_saving()
    {
        var file = (await OpenAsync()).With(AllSettings.MailPassword, "hunter2");
        Directory.Delete(_folder.Path, recursive: true);

        var error = await Assert.ThrowsAsync<SettingsException>(() => file.SaveAsync(CancellationToken.None));

        Directory.CreateDirectory(_folder.Path);
        Assert.StartsWith($"The settings file {Name} can't be written: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_UTF_8_is_refused()
    {
        await File.WriteAllBytesAsync(Name, [(byte)'#', 0xFC, (byte)'\n']);

        var error = await Assert.ThrowsAsync<SettingsException>(OpenAsync);

        Assert.Equal($"{Name}:1, column 2: not TOML: this is not UTF-8. Save the file as UTF-8.", error.Message);
    }

    private Task<SettingsFile> OpenAsync() => SettingsFile.OpenAsync(Name, [], CancellationToken.None);
}
