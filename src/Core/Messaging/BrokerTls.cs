using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AuctionTracker.Core.Settings;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>TLS for <c>amqps://</c>: who is trusted, and who we are.</summary>
internal static class BrokerTls
{
    /// <summary>The system's authorities are trusted, or, where a CA file is set, those in it and no others.</summary>
    public static SslOption For(Uri uri, BrokerSettings settings)
    {
        var tls = new SslOption(uri.Host) { Enabled = uri.Scheme == "amqps" };
        if (!tls.Enabled)
        {
            return tls;
        }

        if (settings.ClientCertificate is { } mine)
        {
            tls.Certs = [Load(mine, () => X509Certificate2.CreateFromPemFile(mine, settings.ClientKey))];
        }

        if (settings.CaFile is { } file)
        {
            var authorities = new X509Certificate2Collection();
            Load(file, () =>
            {
                authorities.ImportFromPemFile(file);
                return true;
            });
            tls.CertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors, authorities);
        }

        return tls;
    }

    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        // The chain is built anew below; that there is a certificate, and that it is the host's, must hold as it is.
        if (certificate is not X509Certificate2 theirs || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // a private authority publishes no list
        return chain.Build(theirs);
    }

    private static T Load<T>(string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"Connection to RabbitMQ server failed: {file} can't be used for TLS: {e.Message}", e);
        }
    }
}
