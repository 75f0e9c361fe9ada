import Testing

@testable import Postgres

@Suite struct HostListTests {
    @Test func leavesOutWhatDoesNotAnswer() throws {
        let all = HostList(host: "a,b,c", hostaddr: nil, port: "5432,5433,5434")
        #expect(all.count == 3)
        let two = try #require(all.without(host: "b", port: "5433"))
        #expect(two.parameters == ["host": "a,c", "hostaddr": "", "port": "5432,5434"])
        let one = try #require(two.without(host: "a", port: "5432"))
        #expect(one.parameters == ["host": "c", "hostaddr": "", "port": "5434"])
        // There is nothing else to try.
        #expect(one.without(host: "c", port: "5434") == nil)
    }

    @Test func onePortIsForAllHosts() {
        let hosts = HostList(host: "a,b", hostaddr: nil, port: "6000")
        #expect(hosts.without(host: "b", port: "6001") == nil)
        let rest = hosts.without(host: "b", port: "6000")
        #expect(rest?.parameters == ["host": "a", "hostaddr": "", "port": "6000"])
    }

    @Test func serversOnOneMachineDifferInTheirPorts() {
        let rest = HostList(host: "a,a", hostaddr: nil, port: "1,2").without(host: "a", port: "2")
        #expect(rest?.parameters["port"] == "1")
    }

    @Test func anAddressIsTheNameWhereThereIsNoOther() {
        let hosts = HostList(host: "a,", hostaddr: "10.0.0.1,10.0.0.2", port: nil)
        #expect(hosts.without(host: "10.0.0.1", port: "5432") == nil)
        let rest = hosts.without(host: "10.0.0.2", port: "5432")
        #expect(rest?.parameters == ["host": "a", "hostaddr": "10.0.0.1", "port": ""])
    }

    @Test func withoutHostsThereIsNothingToLeaveOut() {
        let hosts = HostList(host: nil, hostaddr: "", port: "5432")
        #expect(hosts.count == 0)
        #expect(hosts.without(host: "/run/postgresql", port: "5432") == nil)
    }
}
