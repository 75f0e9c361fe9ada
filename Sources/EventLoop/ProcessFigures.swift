import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What the system says about this process.
package struct ProcessFigures: Sendable {
    /// Seconds of processor time, in the program and in the system for it.
    package let cpuSeconds: Double
    /// Bytes in memory; nil where there is no /proc.
    package let residentMemory: Int?
    /// Descriptors that are open; nil where they cannot be listed.
    package let openDescriptors: Int?
    /// How many may be open; nil where the system does not tell.
    package let maxDescriptors: Int?

    /// The figures now.
    package init() {
        var usage = rusage()
        getrusage(Self.thisProcess, &usage)
        cpuSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
        residentMemory = Self.readResidentMemory()
        openDescriptors = Self.countDescriptors()
        maxDescriptors = DescriptorLimit.current
    }

    private static func seconds(_ time: timeval) -> Double {
        Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
    }

    /// The second number of /proc/self/statm, in pages (proc(5)).
    private static func readResidentMemory() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let numbers = text.split(separator: " ")
        return numbers.count > 1 ? Int(numbers[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
    }

    /// Without the one that lists them.
    private static func countDescriptors() -> Int? {
        (try? FileManager.default.contentsOfDirectory(atPath: "/dev/fd")).map { max(0, $0.count - 1) }
    }

    #if canImport(Glibc)
        private static let thisProcess = __rusage_who_t(RUSAGE_SELF.rawValue)
    #else
        private static let thisProcess = RUSAGE_SELF
    #endif
}
