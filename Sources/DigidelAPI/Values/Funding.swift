import Foundation
import Postgres

/// Who pays.
struct Funding: JSONElement, Hashable {
    let funder: String
    let amount: Decimal?
    let currency: String?
}

extension Funding {
    init?(_ input: inout ObjectInput) {
        let funder = input.text("funder", limit: 200, required: true)
        amount = input.decimal("amount", in: 0...1_000_000_000_000)
        currency = input.value("currency", rule: "three capital letters such as SEK") { value in
            guard case .string(let text) = value, text.wholeMatch(of: /[A-Z]{3}/) != nil else { return nil }
            return text
        }
        guard let funder else { return nil }
        self.funder = funder
    }

    func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("funder", funder)
            json.member("amount", amount)
            json.member("currency", currency)
        }
    }
}
