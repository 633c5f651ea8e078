using System.Net;

namespace AuctionTracker.Dashboard.Web;

/// <summary>
/// Refuses requests from pages of others, and sets the headers that keep the page to itself. Without a password only names of this machine
/// are answered, because a name of somebody else may lead here (DNS rebinding).
/// </summary>
/// <param name="listen">The address that the server listens on.</param>
internal sealed class RequestGuard(IPAddress listen)
{
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'";

    private readonly bool _isLocal = IPAddress.IsLoopback(listen);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";

        // Under "no-referrer" a browser sends a form with "Origin: null". Under "same-origin" other sites learn nothing either.
        headers["Referrer-Policy"] = request.Path == PasswordGate.LoginPath ? "same-origin" : "no-referrer";
        if (_isLocal && request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            return RefuseAsync(context, $"The dashboard does not answer to this name. Open http://localhost:{context.Connection.LocalPort}/ instead.\n");
        }

        return IsOwnOrigin(request)
            ? next(context)
            : RefuseAsync(context, "This request comes from another site. Open the dashboard by its own address.\n");
    }

    private static Task RefuseAsync(HttpContext context, string text)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync(text);
    }

    /// <summary>A browser sends its page's origin with each web socket and each form.</summary>
    private static bool IsOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            ? !(request.Path.StartsWithSegments("/_blazor") && request.Headers.ContainsKey("Upgrade"))
            : origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
    }
}
