import Foundation
import HTTP

extension App {
    func listAgreements(_ call: Call) async throws -> Response {
        try await list(AgreementFilter.self, call)
    }

    func showAgreement(_ call: Call) async throws -> Response {
        let agreement = try await database.agreement(id: call.parameter("id"), on: call.today)
        return try call.show(agreement, called: "agreement")
    }

    func createAgreement(_ call: Call) async throws -> Response {
        var body = try call.body()
        let givenID = body.slug("id")
        let input = try AgreementInput(&body)
        try await check(input)
        let id = try newID(givenID, from: input.subject)
        try await coverageChanged(.agreements)
        return try call.created(try await database.createAgreement(id: id, input, on: call.today))
    }

    /// PUT and PATCH.
    func changeAgreement(_ call: Call) async throws -> Response {
        let current = try await database.agreement(id: call.parameter("id"), on: call.today)
        let agreement = try call.changeable(current, called: "agreement")
        var body = try call.replacement(for: agreement)
        let input = try AgreementInput(&body)
        try await check(input)
        if input.isOtherwiseInForce(than: agreement.content) { try await coverageChanged(.agreements) }
        return try call.changed(
            try await database.updateAgreement(agreement, input, on: call.today))
    }
}
