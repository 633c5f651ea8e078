using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AuctionTracker.LocalBroker.Processes;

/// <summary>
/// A Windows job object: a process in it and the processes that one starts. Windows kills them when the last handle to the job
/// closes, which it does when the process that holds the handle ends in any way.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class JobObject
{
    private const int ExtendedLimitInformation = 9; // JobObjectExtendedLimitInformation
    private const uint KillOnJobClose = 0x2000; // JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE

    private readonly SafeFileHandle _handle = CreateJobObject(0, 0);

    /// <exception cref="Win32Exception">Windows refused.</exception>
    public static JobObject With(Process process)
    {
        var job = new JobObject();
        var limits = new ExtendedLimits { Flags = KillOnJobClose };
        return SetInformationJobObject(job._handle, ExtendedLimitInformation, in limits, ExtendedLimits.Size)
            && AssignProcessToJobObject(job._handle, process.SafeHandle)
            ? job
            : throw new Win32Exception();
    }

    /// <summary>Kills all processes in the job.</summary>
    public void Kill() => TerminateJobObject(_handle, 1);

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW")]
    private static partial SafeFileHandle CreateJobObject(nint attributes, nint name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(SafeFileHandle job, int kind, in ExtendedLimits limits, int size);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(SafeFileHandle job, SafeProcessHandle process);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateJobObject(SafeFileHandle job, uint exitCode);

    /// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION, of which only the flags are set.</summary>
    [StructLayout(LayoutKind.Explicit, Size = Size64)]
    private struct ExtendedLimits
    {
        private const int Size64 = 144;
        private const int Size32 = 112;

        [FieldOffset(16)]
        public uint Flags;

        public static int Size => Environment.Is64BitProcess ? Size64 : Size32;
    }
}
