/// Which statements a connection has prepared, by their text; the least recently used gives way to a new one.
struct StatementCache {
    /// What to do before a statement can run.
    enum Lookup: Equatable {
        case prepared(name: String)
        /// Prepare under `name`, after deallocating and removing `evicted` if there is one.
        case missing(name: String, evicted: String?)
    }

    private struct Entry {
        var name: String
        var lastUse: Int
    }

    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var uses = 0
    private var names = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func lookup(_ text: String) -> Lookup {
        uses += 1
        if let name = entries[text]?.name {
            entries[text]?.lastUse = uses
            return .prepared(name: name)
        }
        names += 1
        let name = "s\(names)"
        guard entries.count >= capacity else { return .missing(name: name, evicted: nil) }
        return .missing(name: name, evicted: entries.values.min { $0.lastUse < $1.lastUse }?.name)
    }

    /// The statement is prepared and stays so until it is removed.
    mutating func add(_ text: String, name: String) {
        entries[text] = Entry(name: name, lastUse: uses)
    }

    /// The statement called `name` is prepared no more, or is of no use.
    mutating func remove(_ name: String) {
        guard let text = entries.first(where: { $0.value.name == name })?.key else { return }
        entries[text] = nil
    }
}
