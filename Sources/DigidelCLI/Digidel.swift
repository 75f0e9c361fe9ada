import DigidelAPI
import EventLoop
import Foundation
import Postgres

/// The program: one subcommand per thing that an operator does.
@main
struct Digidel {
    static func main() async {
        ignoreBrokenPipes()
        do {
            try await run(Arguments(CommandLine.arguments.dropFirst()))
        } catch let error as UsageError {
            fail(error.description, status: 64)
        } catch let error as Config.Fault {
            fail(error.description, status: configurationFault)
        } catch let error as LocalCluster.Failure {
            fail(error.description, status: configurationFault)
        } catch {
            fail("\(error)", status: 1)
        }
    }

    private static func run(_ arguments: Arguments) async throws {
        var arguments = arguments
        let config = try Config(environment: ProcessInfo.processInfo.environment)
        switch arguments.next() {
        case "serve":
            try arguments.finish()
            try await Serve(config: config).run()
        case "migrate": try await Migrate(config: config).run(&arguments)
        case "demo":
            try arguments.finish()
            try await LoadDemo(config: config).run()
        case "keys": try await Keys(config: config).run(&arguments)
        case "version": print("digidel \(APIInfo.version)")
        case "help", nil: print(Help.text)
        case let command?: throw UsageError("there is no command \(command); see digidel help")
        }
    }

    /// Ends the program with one line for the operator.
    private static func fail(_ message: String, status: Int32) -> Never {
        FileHandle.standardError.write(Data("digidel: \(message)\n".utf8))
        exit(status)
    }
}

/// `EX_CONFIG` of sysexits(3): something in the configuration cannot be.
private let configurationFault: Int32 = 78
