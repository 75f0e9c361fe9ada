-- What an organisation has a part in is looked up from its side.
create index campaigns_organiser_index on campaigns (organiser);
create index campaigns_partners_index on campaigns using gin (partners);
create index enrolments_organisation_index on enrolments (organisation);
create index activities_co_organisers_index on activities using gin (co_organisers);
