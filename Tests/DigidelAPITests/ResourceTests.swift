import HTTP
import Testing

@testable import DigidelAPI

/// What all resources that can be created and changed have in common.
@Suite struct ResourceTests {
    // MARK: Creating

    @Test(arguments: ResourceCase.all)
    func creatingAnswersTheObjectAndItsAddress(resource: ResourceCase) async throws {
        let service = try await resource.service()
        let created = await service.post(resource.collection, resource.body)
        #expect(created.status == .created, "\(created.text)")
        #expect(created.location == "\(TestApp.baseURL)/\(resource.item)")
        #expect(created["id"] == "arsta-oppna-verkstad")
        #expect(created["revision"] == 1)
        #expect(created[resource.nameMember] == "Årsta Öppna Verkstad")
        #expect(created["_links", "self", "href"]?.string == created.location)
        #expect(created["createdAt"] == created["updatedAt"])
        #expect(created.etag != nil)
        let read = await service.get(resource.item, key: TestApp.adminKey)
        #expect(read.json == created.json)
        #expect(read.etag == created.etag)
    }

    @Test(arguments: ResourceCase.all)
    func anIdMayBeGiven(resource: ResourceCase) async throws {
        let service = try await resource.service()
        let body = resource.body.merged(with: ["id": "another-1"])
        #expect(await service.post(resource.collection, body).created == "\(resource.collection)/another-1")
    }

    @Test(arguments: ResourceCase.all)
    func aTakenIdIsRefusedGivenOrDerived(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        for body in [resource.body, resource.body.merged(with: ["id": "arsta-oppna-verkstad"])] {
            let answer = await service.post(resource.collection, body)
            #expect(answer.status == .conflict)
            #expect(answer.faults == ["/id": "idTaken"])
        }
    }

    @Test(arguments: ResourceCase.all)
    func aNameThatMakesNoIdNeedsOne(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        let answer = await service.post(resource.collection, resource.body(name: "Ж!"))
        #expect(answer.status == .unprocessableContent)
        #expect(answer.faults.keys.sorted() == ["/id"])
    }

    @Test(arguments: ResourceCase.all)
    func idsAreSlugs(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        for id in ["a", "-a", "a-", "a--b", "Å-b", "a_b", "AB", "a\n", String(repeating: "a", count: 81)] {
            let answer = await service.post(
                resource.collection, resource.body.merged(with: ["id": .string(id)]))
            #expect(answer.status == .badRequest, "\(id)")
            #expect(answer.faults == ["/id": "malformed"])
        }
    }

    @Test(arguments: ResourceCase.all)
    func readOnlyMembersAreRefusedInANewThing(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        let answer = await service.post(
            resource.collection,
            resource.body.merged(with: [
                "createdAt": "2012-01-01T00:00:00Z", "updatedAt": "2012-01-01T00:00:00Z", "revision": 1,
                "_links": [:],
            ]))
        #expect(answer.status == .badRequest)
        #expect(
            answer.faults == [
                "/createdAt": "malformed", "/updatedAt": "malformed", "/revision": "malformed",
                "/_links": "malformed",
            ])
    }

    @Test(arguments: ResourceCase.all)
    func unknownMembersAreRefused(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        let body = resource.body.merged(with: ["colour": "red", "a/b~c": 1])
        let answers = [
            await service.post(resource.collection, body), await service.put(resource.item, body),
            await service.patch(resource.item, ["colour": "red", "a/b~c": 1]),
        ]
        for answer in answers {
            #expect(answer.status == .badRequest)
            #expect(answer.faults == ["/colour": "malformed", "/a~1b~0c": "malformed"])
        }
    }

    @Test(arguments: ResourceCase.all)
    func aNullMemberIsTheSameAsNone(resource: ResourceCase) async throws {
        let service = try await resource.service()
        guard case .object(var members) = resource.body else { return }
        members[resource.optional] = .null
        members["id"] = .null
        members["description"] = resource.hasDescription ? .null : nil
        let created = await service.post(resource.collection, .object(members))
        #expect(created.status == .created, "\(created.text)")
        #expect(created[resource.optional] == resource.withoutIt)
        #expect(created["description"] == nil)
    }

    @Test(arguments: ResourceCase.all)
    func parametersThatNobodyAsksForAreRefused(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        let answers = [
            await service.get("\(resource.collection)?colour=red"),
            await service.get("\(resource.item)?page=1"),
            await service.post("\(resource.collection)?dryRun=true", resource.body(name: "Another")),
            await service.put("\(resource.item)?force=true", resource.body),
            await service.patch("\(resource.item)?force=true", resource.named("Another")),
        ]
        for answer in answers {
            #expect(answer.status == .badRequest, "\(answer.text)")
            #expect(answer.codes == ["malformed"])
            #expect(answer.faults.count == 1)
        }
        #expect(await service.get("\(resource.collection)?q=another")["_meta", "totalRecords"] == 0)
    }

    @Test(arguments: ResourceCase.all)
    func aNameWithPersonalDataIsRefusedWhereItStands(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        let name = resource.named(["sv": "Ring 070-123 45 67", "nb": "Bra", "en": "Ask eva@example.se"])
        let answers = [
            await service.post(resource.collection, resource.body.merged(with: name)),
            await service.patch(resource.item, name),
        ]
        for answer in answers {
            #expect(answer.status == .unprocessableContent)
            #expect(
                answer.faults == [
                    "/\(resource.nameMember)/sv": "personalData",
                    "/\(resource.nameMember)/en": "personalData",
                ])
        }
    }

    @Test(arguments: ResourceCase.all)
    func aDescriptionWithPersonalDataIsRefused(resource: ResourceCase) async throws {
        guard resource.hasDescription else { return }
        let service = try await resource.sharedService()
        let description: JSONValue = ["description": "Kontakta 19811218-9876 i receptionen."]
        let answer = await service.post(
            resource.collection, resource.body(name: "A b").merged(with: description))
        #expect(answer.status == .unprocessableContent)
        #expect(answer.faults.keys.contains("/description/sv"))
    }

    // MARK: Reading

    @Test(arguments: ResourceCase.all)
    func whatTheClientHasIsNotSentAgain(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        for target in [resource.item, resource.collection] {
            let etag = try #require(await service.get(target).etag)
            for field in [etag, "W/\(etag)", "\"x\" , \(etag)", "*"] {
                let answer = await service.get(target, fields: ["If-None-Match": field])
                #expect(answer.status == .notModified, "\(field)")
                #expect(answer.etag == etag)
                #expect(answer.response.body.isEmpty)
            }
            _ = await service.patch(resource.item, resource.named("Another"))
            let changed = await service.get(target, fields: ["If-None-Match": etag])
            #expect(changed.status == .ok, "\(target)")
            #expect(changed.etag != etag)
        }
    }

    @Test(arguments: ResourceCase.all)
    func whatIsNotThereIsNotFound(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        let target = "\(resource.collection)/nowhere"
        #expect(await service.get(target).status == .notFound)
        #expect(await service.put(target, resource.body).status == .notFound)
        #expect(await service.patch(target, [:], ifMatch: nil).status == .notFound)
        #expect(await service.get("\(resource.collection)/").status == .notFound)
    }

    @Test(arguments: ResourceCase.all)
    func namesFollowTheLanguageAskedFor(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        let english = await service.get(resource.item, fields: ["Accept-Language": "en-GB, sv;q=0.1"])
        #expect(english[resource.nameMember] == "Årsta Open Workshop")
        #expect(english.response.fields["Content-Language"] == "en")
        // Where there is no Danish, Swedish stands in.
        let danish = await service.get(resource.item, fields: ["Accept-Language": "da"])
        #expect(danish[resource.nameMember] == "Årsta Öppna Verkstad")
        let every = await service.get("\(resource.item)?lang=all")
        #expect(every[resource.nameMember] == resource.body[resource.nameMember])
        let list = await service.get("\(resource.collection)?q=workshop&lang=all")
        #expect(list["items", 0, resource.nameMember] == resource.body[resource.nameMember])
        #expect(Set([english.etag, danish.etag, every.etag]).count == 3)
        #expect(english.response.fields["Vary"]?.contains("Accept-Language") == true)
    }

    /// What a shared cache may keep, and what not.
    @Test(arguments: ResourceCase.all)
    func answersToAKeyArePrivate(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        #expect(await service.get(resource.item).response.fields["Cache-Control"] == "public, no-cache")
        let keyed = await service.get(resource.item, key: TestApp.adminKey)
        #expect(keyed.response.fields["Cache-Control"] == "private, no-cache")
        #expect(keyed.response.fields["Vary"]?.contains("Authorization") == true)
    }

    // MARK: Changing

    @Test(arguments: ResourceCase.all, [Method.put, .patch])
    func changingNeedsTheCurrentRevision(resource: ResourceCase, method: Method) async throws {
        let service = try await resource.serviceWithItem()
        let body = resource.body(name: "New name")
        func change(_ ifMatch: String?) async -> Answer {
            await service.change(method, resource.item, body, ifMatch: ifMatch, key: TestApp.adminKey)
        }
        let unconditional = await change(nil)
        #expect(unconditional.status == .preconditionRequired)
        for stale in [
            "\"0\"", "\"2\"", "\"2-sv\"", "1", "\"\"", "\"1-sv", "W/\"1-sv\"", "\"x-1\"",
        ] {
            #expect(await change(stale).status == .preconditionFailed, "\(stale)")
        }
        #expect(await service.get(resource.item)["revision"] == 1)
        // Read without a key, in another language: another variant of the same revision.
        let read = await service.get(resource.item, fields: ["Accept-Language": "en"])
        let changed = await change(read.etag)
        #expect(changed.status == .ok, "\(changed.text)")
        #expect(changed["revision"] == 2)
        #expect(changed[resource.nameMember] == "New name")
        #expect(await change(read.etag).status == .preconditionFailed)
        let again = await change(changed.etag)
        #expect(again["revision"] == 3)
        #expect(await change("\"3\"")["revision"] == 4)
        #expect(await change("*")["revision"] == 5)
        #expect(await change("\"1-sv\", \"5-en\"")["revision"] == 6)
    }

    @Test(arguments: ResourceCase.all)
    func oneOfTwoChangesAtOnceWins(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        let etag = try #require(await service.get(resource.item).etag)
        let statuses = await withTaskGroup(of: Int.self) { group in
            for number in 1...5 {
                group.addTask {
                    let answer = await service.patch(
                        resource.item, resource.named(.string("Name \(number)")), ifMatch: etag)
                    return answer.status.rawValue
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [200, 412, 412, 412, 412])
        #expect(await service.get(resource.item)["revision"] == 2)
    }

    @Test(arguments: ResourceCase.all)
    func putReplacesAll(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        let changed = await service.put(resource.item, resource.body.without(resource.optional))
        #expect(changed.status == .ok, "\(changed.text)")
        #expect(changed[resource.optional] == resource.withoutIt)
        let withoutName = await service.put(resource.item, resource.body.without(resource.nameMember))
        #expect(withoutName.status == .badRequest)
        #expect(withoutName.faults == ["/\(resource.nameMember)": "malformed"])
    }

    @Test(arguments: ResourceCase.all)
    func patchChangesWhatItNames(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        let before = await service.get("\(resource.item)?lang=all", key: TestApp.adminKey)
        let patched = await service.patch(
            "\(resource.item)?lang=all", resource.named(["en": .null, "da": "Værksted"]))
        #expect(patched.status == .ok, "\(patched.text)")
        #expect(patched[resource.nameMember] == ["sv": "Årsta Öppna Verkstad", "da": "Værksted"])
        let changed = [resource.nameMember, "revision", "updatedAt"]
        for member in before.json?.names ?? [] where !changed.contains(member) {
            #expect(patched[member] == before[member], "\(member)")
        }
        let emptied = await service.patch(resource.item, .object([resource.optional: .null]))
        #expect(emptied[resource.optional] == resource.withoutIt)
        let required = await service.patch(resource.item, resource.named(.null))
        #expect(required.faults == ["/\(resource.nameMember)": "malformed"])
    }

    @Test(arguments: ResourceCase.all)
    func readOnlyMembersAreIgnoredInAChange(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        let readOnly: JSONValue = [
            "id": "other", "createdAt": "x", "updatedAt": 7, "revision": 99,
            "_links": ["self": ["href": "https://a.se"]],
        ]
        let before = await service.get(resource.item)
        let changes = [
            await service.put(resource.item, resource.body.merged(with: readOnly)),
            await service.patch(resource.item, readOnly),
        ]
        for (index, answer) in changes.enumerated() {
            #expect(answer.status == .ok, "\(answer.text)")
            #expect(answer["id"] == "arsta-oppna-verkstad")
            #expect(answer["createdAt"] == before["createdAt"])
            #expect(answer["revision"]?.integer == index + 2)
        }
    }

    @Test(arguments: ResourceCase.all)
    func whatAGetAnswersCanBePutBack(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        let read = await service.get("\(resource.item)?lang=all", key: TestApp.adminKey)
        let body = try #require(read.json)
        let written = await service.put("\(resource.item)?lang=all", body, ifMatch: read.etag)
        #expect(written.status == .ok, "\(written.text)")
        #expect(written["revision"] == 2)
        #expect(written.json?.without("revision", "updatedAt") == body.without("revision", "updatedAt"))
    }

    @Test(arguments: ResourceCase.all)
    func aPatchIsAnObject(resource: ResourceCase) async throws {
        let service = try await resource.sharedService()
        for body: JSONValue in [[], "x", .null, 1] {
            #expect(await service.patch(resource.item, body).status == .badRequest)
            #expect(await service.put(resource.item, body).status == .badRequest)
            #expect(await service.post(resource.collection, body).status == .badRequest)
        }
    }

    // MARK: Who may

    @Test(arguments: ResourceCase.all)
    func writingNeedsAKeyOfTheRole(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        let low = try await service.makeKey(resource.tooLow, organisation: "motala-bibliotek")
        let enough = try await service.makeKey(resource.role)
        let new = resource.body(name: "Another")
        for (key, status) in [(nil, Status.unauthorized), ("wrong", .unauthorized), (low, .forbidden)] {
            #expect(await service.post(resource.collection, new, key: key).status == status)
            #expect(await service.put(resource.item, new, key: key).status == status)
            #expect(await service.patch(resource.item, new, key: key).status == status)
            // Whether there is such a thing is not told before that.
            #expect(await service.patch("\(resource.collection)/nowhere", new, key: key).status == status)
        }
        #expect(await service.get(resource.item)["revision"] == 1)
        #expect(await service.post(resource.collection, new, key: enough).status == .created)
        #expect(await service.put(resource.item, new, key: enough).status == .ok)
        #expect(await service.patch(resource.item, new, key: enough).status == .ok)
    }

    @Test(arguments: ResourceCase.all)
    func everybodyMayRead(resource: ResourceCase) async throws {
        let service = try await resource.serviceWithItem()
        let partner = try await service.makeKey(.partner, organisation: "motala-bibliotek")
        for key in [nil, partner] {
            #expect(await service.get(resource.item, key: key).status == .ok)
            #expect(await service.get(resource.collection, key: key).status == .ok)
        }
        #expect(await service.get(resource.item, key: "wrong").status == .unauthorized)
    }
}
