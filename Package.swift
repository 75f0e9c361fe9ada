// swift-tools-version: 6.2
import PackageDescription

/// FUZZ=1 adds the fuzzer and makes everything report to it where it has been, FUZZ=address the address sanitizer too;
/// see scripts/fuzz. One flag names both, as only the last `-sanitize=` counts.
let fuzz = Context.environment["FUZZ"]
let sanitize = fuzz == "address" ? "-sanitize=fuzzer,address" : "-sanitize=fuzzer"

/// Every target of ours: Swift 6 mode, and async functions stay on their caller's executor, so that a
/// request never leaves its lane.
let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .release)),
    ] + (fuzz == nil ? [] : [.unsafeFlags([sanitize, "-assert-config", "Debug"])])

/// On Linux a release carries Swift and Foundation inside: one file to deploy, a quarter less CPU per poll and a third
/// less memory. Foundation reaches time zones through a function that FoundationInternationalization replaces at run
/// time; the linker sees no reference to it and would drop it, and TimeZone(identifier:) be nil: hence a reference.
let releaseLinking: [LinkerSetting] = [
    .unsafeFlags(
        ["-static-stdlib", "-Xlinker", "--undefined=$s30FoundationInternationalization12_TimeZoneICUCN"],
        .when(platforms: [.linux], configuration: .release))
]

/// What searches the parsers for inputs that break them. Swift on macOS comes without the fuzzer, so it is only here
/// when it is asked for.
let fuzzer: [Target] =
    fuzz == nil
    ? []
    : [
        .executableTarget(
            name: "Fuzz", dependencies: ["FuzzTargets"], path: "Fuzz", exclude: ["Targets", "corpus"],
            sources: ["Fuzz.swift"], swiftSettings: settings,
            linkerSettings: releaseLinking + [.unsafeFlags(["-use-ld=lld", sanitize])])
    ]

let package = Package(
    name: "digidel-api",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "digidel", targets: ["digidel"])],
    targets: [
        .systemLibrary(
            name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(name: "CEpoll"),
        .target(name: "CEmbeddedFiles", cSettings: [.unsafeFlags(["-Wno-c23-extensions"])]),
        .target(
            name: "EventLoop",
            dependencies: [.target(name: "CEpoll", condition: .when(platforms: [.linux]))],
            swiftSettings: settings),
        .target(name: "HTTP", swiftSettings: settings),
        .target(name: "HTTPServer", dependencies: ["HTTP", "EventLoop"], swiftSettings: settings),
        .target(name: "Postgres", dependencies: ["EventLoop", "CLibPQ"], swiftSettings: settings),
        .target(
            name: "DigidelAPI", dependencies: ["HTTP", "Postgres", "CEmbeddedFiles"],
            swiftSettings: settings),
        .executableTarget(
            name: "digidel", dependencies: ["HTTP", "HTTPServer", "DigidelAPI", "Postgres", "EventLoop"],
            path: "Sources/DigidelCLI",
            swiftSettings: settings, linkerSettings: releaseLinking),
        // An example for others to copy, which has a manifest of its own beside it.
        .executableTarget(
            name: "report-counts", path: "clients/swift/Sources/ReportCounts",
            swiftSettings: [.swiftLanguageMode(.v6)]),
        .target(
            name: "TestDatabase", dependencies: ["Postgres"], path: "Tests/TestDatabase",
            swiftSettings: settings),
        .target(
            name: "FuzzTargets", dependencies: ["HTTP", "DigidelAPI"], path: "Fuzz/Targets",
            swiftSettings: settings),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets"], swiftSettings: settings),
        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop"], swiftSettings: settings),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: settings),
        .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer"], swiftSettings: settings),
        .testTarget(
            name: "PostgresTests", dependencies: ["Postgres", "TestDatabase"], swiftSettings: settings),
        .testTarget(
            name: "DigidelAPITests", dependencies: ["DigidelAPI", "HTTPServer", "TestDatabase"],
            swiftSettings: settings),
    ] + fuzzer
)
