/// A parser and what must hold of it for every input. Each case stops the program when it does not.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case request
    case body
    case query
    case json
    case csv
    case batch

    /// Feeds one input to the parser and checks its properties.
    package func run(_ input: [UInt8]) {
        switch self {
        case .request: checkRequest(input)
        case .body: checkBody(input)
        case .query: checkQuery(input)
        case .json: checkJSON(input)
        case .csv: checkCSV(input)
        case .batch: checkBatch(input)
        }
    }
}
