import DigidelAPI
import Foundation
import Postgres

/// `digidel keys`: creates, lists and revokes keys.
struct Keys {
    let config: Config

    func run(_ arguments: inout Arguments) async throws {
        switch arguments.next() {
        case "create": try await create(&arguments)
        case "list":
            try arguments.finish()
            try await list()
        case "revoke": try await revoke(&arguments)
        default: throw UsageError("keys takes create, list or revoke; see digidel help")
        }
    }

    private func create(_ arguments: inout Arguments) async throws {
        let input = try keyInput(&arguments)
        if let fault = input.ruleFaults(at: .now).first {
            throw UsageError("--\(fault.pointer.dropFirst()): \(fault.detail)")
        }
        let secret = Key.newSecret()
        let key = try await Database.use(config) { pool in
            do throws(PostgresError) {
                return try await pool.createKey(input, secret: secret)
            } catch {
                guard let fault = APIError(error)?.faults.first else { throw error }
                throw UsageError("--\(fault.pointer.dropFirst()): \(fault.detail)")
            }
        }
        guard let key else { throw UsageError("no key was created") }
        print("Key \(key.id). Its secret is shown this once:\n\(secret)")
    }

    private func keyInput(_ arguments: inout Arguments) throws -> KeyInput {
        let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
        guard let role = try arguments.option("--role").flatMap(Role.init(rawValue:)) else {
            throw UsageError("--role must be one of \(roles)")
        }
        let organisation = try arguments.option("--organisation")
        let label = try arguments.option("--label") ?? organisation ?? role.rawValue
        var expiresAt: Instant?
        if let text = try arguments.option("--expires") {
            guard let instant = Instant(text) else {
                throw UsageError("--expires must be an instant such as 2027-01-01T00:00:00Z")
            }
            expiresAt = instant
        }
        try arguments.finish()
        return KeyInput(role: role, organisation: organisation, label: label, expiresAt: expiresAt)
    }

    private func list() async throws {
        for key in try await Database.use(config, { try await $0.keys() }) { print(key.line) }
    }

    private func revoke(_ arguments: inout Arguments) async throws {
        guard let id = arguments.next().flatMap(UUID.init(uuidString:)) else {
            throw UsageError("keys revoke needs a key's id; see digidel keys list")
        }
        try arguments.finish()
        guard let key = try await Database.use(config, { try await $0.revokeKey(id: id) }) else {
            throw UsageError("there is no key \(id.uuidString.lowercased())")
        }
        print(key.line)
    }
}
