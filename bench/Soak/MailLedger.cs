using AuctionTracker.Support;
using MimeKit;

namespace AuctionTracker.Bench.Soak;

/// <summary>A mail server that can be killed, and what it got, by the mails' Message-Ids. Thread-safe.</summary>
internal sealed class MailLedger : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _mails = [];
    private MailServer _server;
    private Task _reading;

    public MailLedger(MailServer server)
    {
        _server = server;
        _reading = ReadAsync(server);
    }

    public int Port => _server.Port;

    /// <summary>How often each mail came.</summary>
    public IReadOnlyDictionary<string, int> Mails
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<string, int>(_mails);
            }
        }
    }

    /// <summary>Kills the server and starts it again after a pause.</summary>
    public async Task KillAsync(TimeSpan pause, TimeProvider time)
    {
        _server.Kill();
        await _reading;
        await _server.DisposeAsync();
        await Task.Delay(pause, time);
        _server = await MailServer.StartAtAsync(Port);
        _reading = ReadAsync(_server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ReadAsync(MailServer server)
    {
        await foreach (var mail in server.ReadAllAsync())
        {
            if (mail.GetProperty("event").GetString() == "mail")
            {
                using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail.GetProperty("data").GetString()!));
                using var message = await MimeMessage.LoadAsync(text);
                lock (_gate)
                {
                    var id = message.MessageId ?? "none";
                    _mails[id] = _mails.GetValueOrDefault(id) + 1;
                }
            }
        }
    }
}
