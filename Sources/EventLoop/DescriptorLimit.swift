#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How many descriptors the process may have open (getrlimit(2)).
package enum DescriptorLimit {
    /// Raises the limit to at least `count`, or as far as the system lets an ordinary process; returns what it is then.
    /// Shells and service managers begin with 1024, for programs that use select(2).
    package static func raise(to count: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        if limit.rlim_cur < rlim_t(count) {
            limit.rlim_cur = min(limit.rlim_max, rlim_t(count))
            setrlimit(resource, &limit)
            getrlimit(resource, &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// What the limit is; nil when there is none or the system does not tell.
    package static var current: Int? {
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return nil }
        let count = Int(clamping: limit.rlim_cur)
        return count == .max ? nil : count
    }

    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue))
    #else
        private static let resource = RLIMIT_NOFILE
    #endif
}
