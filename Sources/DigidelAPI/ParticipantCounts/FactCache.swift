import Foundation
import Postgres
import Synchronization

/// What the rules ask about, as it was read a moment ago: most counts come from the same few campaigns and reporters.
final class FactCache: Sendable {
    /// What the clock makes of a campaign, such as its state, is not seen when a count is recorded.
    let campaigns = TimedCache<String, CountFacts.Campaign>(lifetime: .seconds(1))
    let organisations = TimedCache<String, CountFacts.Organisation>(lifetime: .seconds(60))
    let countries = TimedCache<String, Country>(lifetime: .seconds(60))
    /// Places that counts come from. They are never deleted.
    let activities = TimedCache<UUID, Bool>(lifetime: .seconds(60))
    let servicePoints = TimedCache<String, Bool>(lifetime: .seconds(60))
    let enrolments = TimedCache<CountFacts.Enrolment, CountFacts.Enrolment>(lifetime: .seconds(60))

    /// The facts for each of the counts, in their order; nil unless all of them are kept.
    func facts(for counts: [ParticipantCountInput]) -> [CountFacts]? {
        let now = ContinuousClock.now
        var facts: [CountFacts] = []
        facts.reserveCapacity(counts.count)
        for count in counts {
            guard let campaign = campaigns.value(for: count.campaign, at: now),
                let organisation = organisations.value(for: count.organisation, at: now),
                let country = countries.value(for: count.area, at: now),
                enrolments.value(for: count.enrolment, at: now) != nil,
                count.activity.map({ activities.value(for: $0, at: now) != nil }) ?? true,
                count.servicePoint.map({ servicePoints.value(for: $0, at: now) != nil }) ?? true
            else { return nil }
            facts.append(
                CountFacts(campaign: campaign, organisation: organisation, country: country, isEnrolled: true)
            )
        }
        return facts
    }

    /// Forgets everything that can change.
    func clear() {
        campaigns.clear()
        organisations.clear()
        enrolments.clear()
    }
}
