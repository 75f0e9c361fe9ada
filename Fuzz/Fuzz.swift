import FuzzTargets
import Glibc

/// Set once, before the driver starts.
nonisolated(unsafe) private var chosen = FuzzTarget.request

/// libFuzzer calls it for each input.
@c(LLVMFuzzerTestOneInput)
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    chosen.run(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// libFuzzer's own main, as a function: the package manager links an executable whose `main` is ours.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argc: UnsafeMutablePointer<CInt>,
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The fuzzer: FUZZ_TARGET chooses the target, libFuzzer's own options follow on the command line.
@main
enum Fuzz {
    static func main() {
        guard let target = getenv("FUZZ_TARGET").flatMap({ FuzzTarget(rawValue: String(cString: $0)) }) else {
            print("FUZZ_TARGET must be one of:", FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))
            exit(2)
        }
        chosen = target
        // Swift's backtracer has taken these already, and libFuzzer leaves alone a signal that has a handler: it would
        // never write the input that crashed.
        for number in [SIGILL, SIGTRAP, SIGABRT] { signal(number, SIG_DFL) }
        var argc = CommandLine.argc
        var argv = CommandLine.unsafeArgv
        exit(runDriver(&argc, &argv, testOneInput))
    }
}
