-- What is asked by service point, and sessions by area, is found without reading all of them.
create index activities_service_point_index on activities (service_point);
create index guidance_sessions_service_point_index on guidance_sessions (service_point, date);
create index guidance_sessions_area_index on guidance_sessions (area, date);
