import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Cores that this process may run on; a container's set of cores counts.
func availableCores() -> Int { ProcessInfo.processInfo.activeProcessorCount }

func lastErrorCode() -> Int32 { errno }

func errorText(_ code: Int32) -> String { String(cString: strerror(code)) }

func closeDescriptor(_ descriptor: Int32) { close(descriptor) }

/// Another descriptor of the same open file, which programs we start do not inherit.
func duplicate(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 0) }
