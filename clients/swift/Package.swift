// swift-tools-version: 6.0
import PackageDescription

let package = Package(
    name: "report-counts",
    platforms: [.macOS(.v13)],
    targets: [.executableTarget(name: "report-counts", path: "Sources/ReportCounts")]
)
