import EventLoop

/// Writes metrics as text, in the OpenMetrics format or the older one of Prometheus. Names are those of OpenTelemetry's
/// semantic conventions where it has one, those of Prometheus's client libraries for the process, else our own.
struct OpenMetrics {
    /// How the text is written; the raw value is its media type.
    enum Format: String, AnswerFormat {
        /// OpenMetrics 1.0.
        case openMetrics = "application/openmetrics-text"
        /// Prometheus's text format 0.0.4, which `promtool check metrics` reads.
        case text = "text/plain"

        var mediaType: String { rawValue }

        var contentType: String {
            switch self {
            case .openMetrics: "\(rawValue); version=1.0.0; charset=utf-8"
            case .text: "\(rawValue); version=0.0.4; charset=utf-8"
            }
        }
    }

    /// The kinds of metric that there are here.
    enum Kind: String {
        case counter, gauge, histogram
    }

    typealias Labels = [(String, String)]

    private(set) var text = ""
    private let format: Format

    init(_ format: Format) {
        self.format = format
    }

    /// Begins a family; its samples follow.
    mutating func family(_ name: String, _ kind: Kind, unit: String? = nil, help: String) {
        // The older format calls a counter by its sample's name.
        let name = format == .text && kind == .counter ? "\(name)_total" : name
        text += "# TYPE \(name) \(kind.rawValue)\n"
        if let unit, format == .openMetrics { text += "# UNIT \(name) \(unit)\n" }
        text += "# HELP \(name) \(help)\n"
    }

    /// One sample.
    mutating func sample(_ name: String, _ labels: Labels, _ value: String) {
        let list = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }

    /// A counter with its samples.
    mutating func counter(_ name: String, unit: String? = nil, help: String, _ samples: [(Labels, Int)]) {
        family(name, .counter, unit: unit, help: help)
        for (labels, value) in samples { sample("\(name)_total", labels, "\(value)") }
    }

    /// A gauge with its samples.
    mutating func gauge(_ name: String, unit: String? = nil, help: String, _ samples: [(Labels, Int)]) {
        family(name, .gauge, unit: unit, help: help)
        for (labels, value) in samples { sample(name, labels, "\(value)") }
    }

    /// A gauge of one sample, which is left out when it is not known.
    mutating func gauge(_ name: String, unit: String? = nil, help: String, _ value: Int?) {
        if let value { gauge(name, unit: unit, help: help, [([], value)]) }
    }

    /// A histogram's samples: the classes with all below them, the count and the sum.
    mutating func histogram(_ name: String, _ labels: Labels, _ histogram: Histogram) {
        let perUnit = Double(histogram.scale.perUnit)
        var count = 0
        for (index, bound) in histogram.scale.bounds.enumerated() {
            count += histogram.counts[index]
            sample("\(name)_bucket", labels + [("le", "\(Double(bound) / perUnit)")], "\(count)")
        }
        sample("\(name)_bucket", labels + [("le", "+Inf")], "\(histogram.count)")
        sample("\(name)_count", labels, "\(histogram.count)")
        sample("\(name)_sum", labels, "\(Double(histogram.sum) / perUnit)")
    }

    /// Ends the exposition.
    mutating func end() {
        if format == .openMetrics { text += "# EOF\n" }
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
