-- Bearer keys. Only the SHA-256 digest of a secret is stored; the secret is shown once.
create table keys (
    id uuid not null,
    role text not null,
    organisation text,
    label text not null,
    digest bytea not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz not null default now(),
    constraint keys_pkey primary key (id),
    constraint keys_digest_key unique (digest),
    constraint keys_organisation_fkey foreign key (organisation) references organisations (id),
    constraint keys_role_valid check (role in ('partner', 'coordinator', 'admin')),
    constraint keys_partner_has_organisation check (role <> 'partner' or organisation is not null)
);
