using System.Diagnostics;
using LacEdge.Linux.Namespaces;
using LacEdge.Wire.Ip;

namespace LacEdge.Linux.Tests;

/// <summary>A FreeRADIUS of its own, with nothing of /etc/freeradius, at 198.18.0.20 in the LNSes' end of a lab network.</summary>
internal sealed class FreeRadius : IDisposable
{
    public const string Program = "/usr/sbin/freeradius", Secret = "radius-test-secret";
    public static readonly IpAddress Address = IpAddress.Parse("198.18.0.20");

    private readonly NetworkNamespace _place;
    private readonly string _folder;
    private Process? _process;

    /// <param name="users">What its "files" module knows.</param>
    public FreeRadius(NetworkNamespace place, string folder, string users)
    {
        (_place, _folder) = (place, Path.Combine(folder, "freeradius"));
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "users"), users);
        File.WriteAllText(Path.Combine(_folder, "radiusd.conf"), Config(_folder));
    }

    public static string LogOf(string folder) => File.ReadAllText(Path.Combine(folder, "freeradius", "log"));

    public void Start()
    {
        var start = new ProcessStartInfo(Program, ["-f", "-d", _folder, "-l", Path.Combine(_folder, "log")]);
        _process = _place.Run(() => Process.Start(start)!);
    }

    public void Stop()
    {
        if (_process is null) return;
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose() => Stop();

    private static string Config(string folder) => $$"""
        prefix = /usr
        confdir = {{folder}}
        run_dir = {{folder}}
        logdir = {{folder}}
        libdir = /usr/lib/freeradius
        pidfile = {{folder}}/pid
        log {
            destination = files
            file = {{folder}}/log
            auth = yes
        }
        security {
            reject_delay = 0
            status_server = yes
        }
        client lacedge {
            ipaddr = 198.18.0.1
            secret = {{Secret}}
            require_message_authenticator = yes
        }
        modules {
            files {
                filename = {{folder}}/users
            }
            pap {
            }
            chap {
            }
            mschap {
            }
        }
        server steering {
            listen {
                type = auth
                ipaddr = {{Address}}
                port = 1812
            }
            authorize {
                files
                chap
                mschap
                pap
            }
            authenticate {
                Auth-Type PAP {
                    pap
                }
                Auth-Type CHAP {
                    chap
                }
                Auth-Type MS-CHAP {
                    mschap
                }
            }
        }
        """;
}

/// <summary>A test against FreeRADIUS.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FreeRadiusFactAttribute : FactAttribute
{
    public FreeRadiusFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "needs root: it makes network namespaces and raw sockets";
        else if (!File.Exists(FreeRadius.Program)) Skip = "needs the Debian package freeradius";
    }
}
