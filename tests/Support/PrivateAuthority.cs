using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AuctionTracker.Support;

/// <summary>Creates a private certificate authority and a certificate for localhost that it has signed. Both are PEM files.</summary>
public sealed class PrivateAuthority
{
    public PrivateAuthority(TempFolder folder)
    {
        Certificate = folder["authority.pem"];
        ServerCertificate = folder["server.pem"];
        ServerKey = folder["server.key"];

        var (from, to) = (TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Auction Tracker Test Authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var authorityCertificate = authority.CreateSelfSigned(from, to);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        server.CertificateExtensions.Add(names.Build());
        using var serverCertificate = server.Create(authorityCertificate, from, to, RandomNumberGenerator.GetBytes(8));

        using var both = serverCertificate.CopyWithPrivateKey(serverKey);
        Server = X509CertificateLoader.LoadPkcs12(both.Export(X509ContentType.Pfx), null);
        File.WriteAllText(Certificate, authorityCertificate.ExportCertificatePem());
        File.WriteAllText(ServerCertificate, serverCertificate.ExportCertificatePem());
        File.WriteAllText(ServerKey, serverKey.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Path of the authority's certificate. A client that trusts it trusts the server.</summary>
    public string Certificate { get; }

    /// <summary>The server's certificate with its private key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>Path of the server's certificate.</summary>
    public string ServerCertificate { get; }

    /// <summary>Path of the server's private key.</summary>
    public string ServerKey { get; }
}
