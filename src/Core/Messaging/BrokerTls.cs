using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AuctionTracker.Core.Settings;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>TLS options for <c>amqps://</c>: the trusted authorities and the client certificate.</summary>
internal static class BrokerTls
{
    /// <summary>Trusts the authorities in the CA file and no others, or the system's if no CA file is set.</summary>
    /// <exception cref="BrokerException">A certificate file cannot be read.</exception>
    public static SslOption For(Uri uri, BrokerSettings settings)
    {
        var tls = new SslOption(uri.Host) { Enabled = uri.Scheme == "amqps" };
        if (!tls.Enabled)
        {
            return tls;
        }

        if (settings.ClientCertificate is { } certificateFile)
        {
            tls.Certs = [Load(certificateFile, () => X509Certificate2.CreateFromPemFile(certificateFile, settings.ClientKey))];
        }

        if (settings.CaFile is { } caFile)
        {
            var authorities = new X509Certificate2Collection();
            Load(caFile, () =>
            {
                authorities.ImportFromPemFile(caFile);
                return true;
            });
            tls.CertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(certificate, errors, authorities);
        }

        return tls;
    }

    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        // Only the chain is checked again below: the server must have shown a certificate for this host name.
        if (certificate is not X509Certificate2 serverCertificate || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // private authorities publish no revocation list
        return chain.Build(serverCertificate);
    }

    private static T Load<T>(string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new BrokerException($"Connection to RabbitMQ server failed: {file} cannot be used for TLS: {e.Message}", e);
        }
    }
}
