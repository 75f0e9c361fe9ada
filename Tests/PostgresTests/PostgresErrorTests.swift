import TestDatabase
import Testing

@testable import Postgres

/// What an error says is logged, so it must quote nothing that nobody may read.
@Suite struct PostgresErrorTests {
    /// libpq quotes what it does not understand of a conninfo, and where a password has an @ it takes the rest of the
    /// password for a host.
    @Test(arguments: [
        "postgresql://digidel:hem@lig@127.0.0.1/x", "postgresql://digidel:hem/lig@127.0.0.1/x",
        "postgres:/digidel:hemlig@db/x", "postgresql://digidel:hemlig%zz@db/x", "host=db hemlig", "hemlig",
        "postgresql://digidel@db/x?hemlig=1", "host=db password='hemlig", "host=127.0.0.1 port=hemlig",
    ])
    func aStringThatCannotBeUsedIsNotQuoted(url: String) async throws {
        let error = await #expect(throws: PostgresError.self) {
            _ = try await Connection.connect(ConnectionSettings(url: url), on: TestDatabase.lane)
        }
        let text = try #require(error).description
        #expect(!text.contains("hem") && !text.contains("lig@"), "\(text)")
        #expect(text.contains("%40"))
    }

    @Test func anAttemptThatFailedSaysWhere() async throws {
        let error = await #expect(throws: PostgresError.self) {
            _ = try await Connection.connect(
                ConnectionSettings(url: "postgresql://digidel:hemlig@127.0.0.1:1/x"), on: TestDatabase.lane)
        }
        let text = try #require(error).description
        #expect(text.contains("127.0.0.1") && text.contains("port 1") && !text.contains("hemlig"), "\(text)")
    }

    @Test(arguments: [
        (
            "invalid input syntax for type uuid: \"a \"b\" c\"", "22P02",
            "invalid input syntax for type uuid …"
        ),
        ("value \"1\" is out of range for type integer", "22003", "value …"),
        (
            "invalid byte sequence for encoding \"UTF8\": 0xc3 0x28", "22021",
            "invalid byte sequence for encoding …"
        ),
        ("division by zero", "22012", "division by zero"),
        (
            "duplicate key value violates unique constraint \"t_n\"", "23505",
            "duplicate key value violates unique constraint \"t_n\""
        ),
    ])
    func aMessageIsCutWhereItQuotesAValue(message: String, sqlState: String, expected: String) {
        #expect(PostgresError.withoutValues(message, sqlState) == expected)
    }
}
