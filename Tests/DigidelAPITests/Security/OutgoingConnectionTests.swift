import Foundation
import HTTP
import Testing

@testable import DigidelAPI

/// The service stores addresses and never asks them (OWASP API7, server side request forgery).
@Suite struct OutgoingConnectionTests {
    /// A listening socket that tells whether anybody has come.
    private final class Trap {
        let descriptor: Int32
        let port: UInt16

        init() throws {
            #if os(Linux)
                let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            #else
                let descriptor = socket(AF_INET, SOCK_STREAM, 0)
            #endif
            self.descriptor = descriptor
            var address = Self.loopback(port: 0)
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let status = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bind(descriptor, address, size) | listen(descriptor, 8)
                        | getsockname(descriptor, address, &size)
                }
            }
            guard status == 0 else { throw ContractError("no socket: \(errno)") }
            port = UInt16(bigEndian: address.sin_port)
        }

        deinit { close(descriptor) }

        /// Whether somebody comes within so many milliseconds.
        func hasVisitor(within milliseconds: Int32) -> Bool {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&wait, 1, milliseconds) == 1
        }

        /// Comes itself.
        func visit() -> Bool {
            #if os(Linux)
                let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            #else
                let client = socket(AF_INET, SOCK_STREAM, 0)
            #endif
            defer { close(client) }
            var address = Self.loopback(port: port)
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }

        private static func loopback(port: UInt16) -> sockaddr_in {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
            return address
        }
    }

    @Test func noAddressThatIsStoredIsAsked() async throws {
        let service = try await TestApp.withDigidel2013()
        let trap = try Trap()
        let address = "http://127.0.0.1:\(trap.port)/latest/meta-data/"
        let posts: [(String, JSONValue)] = [
            (
                "organisations",
                [
                    "id": "verkstan", "name": "Verkstan", "kind": "library", "area": "se-0583",
                    "website": .string(address),
                ]
            ),
            (
                "activities",
                [
                    "title": "Kurs", "organiser": "motala-bibliotek", "type": "course", "from": "2012-06-01",
                    "to": "2012-06-01", "precision": "day", "url": .string(address),
                ]
            ),
            (
                "publications",
                [
                    "id": "guide", "title": "Guide", "kind": "guide", "publisher": "motala-bibliotek",
                    "publishedOn": "2012-05-01",
                    "formats": [["mediaType": "text/html", "url": .string(address)]],
                ]
            ),
        ]
        for (collection, body) in posts {
            let created = await service.post(collection, body)
            #expect(created.status == .created, "\(created.text)")
            for target in [created.created, collection, "\(collection)?format=csv"] {
                let answer = await service.get(target, key: TestApp.adminKey)
                #expect(answer.status == .ok && answer.text.contains("127.0.0.1"), "\(target)")
            }
        }
        // Fields that name an address, in case one is ever believed.
        for name in ["Host", "Origin", "Referer", "X-Forwarded-Host", "X-Original-URL", "Forwarded"] {
            let value = name == "Forwarded" ? "host=127.0.0.1:\(trap.port)" : address
            let answer = await service.get("goals/digidel2013/progress", fields: [name: value])
            #expect(!answer.text.contains("127.0.0.1"), "\(name)")
        }
        #expect(!trap.hasVisitor(within: 300))
        #expect(trap.visit() && trap.hasVisitor(within: 5000))
    }

    /// The members above are all that there are: every schema of an address in the contract is used in these places only.
    @Test func theContractKnowsNoOtherAddresses() throws {
        let document = try OpenAPIDocument.load()
        var members: Set<String> = []
        for (name, schema) in document.root["components"]?["schemas"]?.object?.entries ?? [] {
            guard name.hasSuffix("Input") || name.hasSuffix("Patch") || name.hasSuffix("Content") else {
                continue
            }
            for (member, value) in schema["properties"]?.object?.entries ?? [] {
                if "\(value)".contains("schemas/Url") || "\(value)".contains("schemas/OptionalUrl") {
                    members.insert(member)
                }
            }
        }
        #expect(members == ["website", "url"])
    }
}
