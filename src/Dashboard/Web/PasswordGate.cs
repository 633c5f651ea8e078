using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuctionTracker.Dashboard.Web;

/// <summary>
/// Asks for the password: pages get a form and then a session cookie, machines send it as Basic. After ten wrong passwords within a minute,
/// all further ones are refused until the minute is over. Thread-safe.
/// </summary>
/// <param name="password">The password; <see langword="null"/>: everybody may come in.</param>
/// <param name="time">The clock.</param>
internal sealed class PasswordGate(string? password, TimeProvider time)
{
    public const string LoginPath = "/login";

    private const string Return = "return";
    private const string Cookie = "auction_session";
    private const int MaxWrong = 10;
    private const int MaxSessions = 1_000;

    private static readonly TimeSpan Session = TimeSpan.FromHours(12);
    private static readonly TimeSpan WrongSpan = TimeSpan.FromMinutes(1);

    private readonly byte[]? _hash = password is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(password));
    private readonly ConcurrentDictionary<string, DateTimeOffset> _sessions = new();
    private readonly Queue<DateTimeOffset> _wrong = [];

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (_hash is null || path == "/healthz" || path == LoginPath || path == "/app.css" || HasSession(context.Request) || HasBasic(context.Request))
        {
            return next(context);
        }

        if (path == "/metrics" || path.StartsWithSegments("/api"))
        {
            context.Response.StatusCode = IsLocked() ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Auction Tracker\"";
            return Task.CompletedTask;
        }

        if (path.StartsWithSegments("/_blazor"))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        var asked = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        context.Response.Redirect(asked == "/" ? LoginPath : $"{LoginPath}?{Return}={Uri.EscapeDataString(asked)}");
        return Task.CompletedTask;
    }

    /// <summary>Shows the form.</summary>
    public static IResult ShowForm() => Form("", StatusCodes.Status200OK);

    /// <summary>Starts a session if the password is right, and leads to the page that was asked for.</summary>
    public async Task<IResult> LoginAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (IsLocked())
        {
            return Form("Too many wrong passwords. Try again in a minute.", StatusCodes.Status429TooManyRequests);
        }

        if (!IsRight(form["password"].ToString()))
        {
            return Form("That is not the password.", StatusCodes.Status401Unauthorized);
        }

        var now = time.GetUtcNow();
        foreach (var (old, until) in _sessions)
        {
            if (until < now || _sessions.Count >= MaxSessions)
            {
                _sessions.TryRemove(old, out _);
            }
        }

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _sessions[token] = now + Session;
        context.Response.Cookies.Append(Cookie, token, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = Session,
        });
        return Results.LocalRedirect(ReturnPath(context.Request));
    }

    /// <summary>The page that was asked for. Anybody can make a link with another address in it, so only a path of this server is taken.</summary>
    private static string ReturnPath(HttpRequest request) =>
        request.Query[Return].ToString() is ['/', ..] path && Ascii.IsValid(path) && RedirectHttpResult.IsLocalUrl(path) ? path : "/";

    private bool HasSession(HttpRequest request) =>
        request.Cookies[Cookie] is { } token && _sessions.TryGetValue(token, out var until) && until > time.GetUtcNow();

    private bool HasBasic(HttpRequest request)
    {
        const string Basic = "Basic ";
        var header = request.Headers.Authorization.ToString();
        var decoded = new byte[header.Length];
        return header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            && Convert.TryFromBase64String(header[Basic.Length..], decoded, out var length)
            && Encoding.UTF8.GetString(decoded, 0, length).Split(':', 2) is [_, var given]
            && !IsLocked() && IsRight(given);
    }

    /// <summary>Compares hashes in constant time, so neither the length nor the beginning of the password can be measured.</summary>
    private bool IsRight(string given)
    {
        if (CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _hash))
        {
            return true;
        }

        lock (_wrong)
        {
            _wrong.Enqueue(time.GetUtcNow());
        }

        return false;
    }

    private bool IsLocked()
    {
        lock (_wrong)
        {
            while (_wrong.TryPeek(out var oldest) && time.GetUtcNow() - oldest > WrongSpan)
            {
                _wrong.Dequeue();
            }

            return _wrong.Count >= MaxWrong;
        }
    }

    private static IResult Form(string error, int status) => Results.Content(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
        <title>Auction Tracker</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/app.css"></head>
        <body><main class="login"><h1>Auction Tracker</h1>
        <form method="post"><input name="username" autocomplete="username" value="dashboard" hidden>
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" autofocus required>
        <button>Open the dashboard</button><p role="alert">{error}</p></form></main></body>
        </html>
        """, "text/html; charset=utf-8", Encoding.UTF8, status);
}
