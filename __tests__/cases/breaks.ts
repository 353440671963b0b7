/** Ends a daemon, with nothing but a shell. */
const stop = (name: string) =>
  `for p in /proc/[0-9]*; do case $(cat "$p/comm" 2>/dev/null) in ${name}*) kill -9 "\${p#/proc/}";; esac; done; sleep 1`;

/** What is broken in each restored service, and the words that have to name it. */
export const BREAKS: Record<string, Record<string, [program: string, named: RegExp]>> = {
  samba: {
    'wrong owner': ['chown root:root /share/lab/data.txt', /file \/share\/lab\/data\.txt: owner is root, was alice/],
    'missing user': ["sed -i '/^bob:/d' /etc/passwd", /account bob is missing/],
    'wrong config': [
      "sed -i 's/valid users.*/valid users = root/' /etc/samba/smb.conf",
      /file \/etc\/samba\/smb\.conf: content/,
    ],
    'lost file': ['rm /share/lab/data.txt', /file \/share\/lab\/data\.txt is missing/],
    'lost Samba account': ['pdbedit -x alice', /samba account alice is missing/],
    'stopped daemon': [stop('nmbd'), /process nmbd is missing/],
  },
  apache: {
    'wrong owner': ['chown -h root:root /srv/www/upload', /file \/srv\/www\/upload: owner is root, was www-data/],
    'missing user': ["sed -i '/^unal:/d' /etc/passwd", /account unal is missing/],
    'wrong config': [
      'echo "Redirect / http://elsewhere.example/" >> /etc/apache2/sites-available/intern-ssl.conf',
      /intern-ssl\.conf: content/,
    ],
    'lost file': ["rm '/srv/www/main site/-x.txt'", /file \/srv\/www\/main site\/-x\.txt is missing/],
    'lost site': [
      'a2dissite -q intern-ssl; apache2ctl graceful; sleep 1',
      /sites-enabled\/intern-ssl\.conf is missing/,
    ],
    'new site': [
      `cp /etc/apache2/sites-available/000-default.conf /etc/apache2/sites-available/other.conf; a2ensite -q other`,
      /file \/etc\/apache2\/sites-enabled\/other\.conf was not there/,
    ],
    'stopped daemon': ['apache2ctl stop; sleep 2', /process apache2 is missing/],
  },
  'nginx-php': {
    'wrong owner': [
      'chown root:root /var/www/app/data/uploads',
      /file \/var\/www\/app\/data\/uploads: owner is root, was webapp/,
    ],
    'missing user': ["sed -i '/^deploy:/d' /etc/passwd", /account deploy is missing/],
    'wrong config': ['echo "# not mine" >> /etc/nginx/nginx.conf', /file \/etc\/nginx\/nginx\.conf: content/],
    'lost crontab': ['crontab -u webapp -r', /file \/var\/spool\/cron\/crontabs\/webapp is missing/],
    // No file of the archive: its owner had it as the package ships it.
    'wrong default config': ['echo "* * * * * root true" >> /etc/crontab', /file \/etc\/crontab: content/],
    'crontab that nobody had': [
      'echo "* * * * * root true" > /etc/cron.d/miner',
      /file \/etc\/cron\.d\/miner was not there/,
    ],
    'lost file': ['rm /var/www/app/data/uploads/logo.png', /uploads\/logo\.png is missing/],
    'lost row': [
      `php -r '(new PDO("sqlite:/var/www/app/data/app.db"))->exec("delete from note where id = 2");'`,
      /table note of \/var\/www\/app\/data\/app\.db: value is 2, was 3/,
    ],
    'stopped daemon': [stop('php-fpm'), /process php-fpm7\.4 is missing/],
  },
  openldap: {
    'wrong owner': [
      'chown root:root /var/lib/ldapbackup/secret',
      /file \/var\/lib\/ldapbackup\/secret: owner is root, was ldapbackup/,
    ],
    'missing user': ["sed -i '/^ldapbackup:/d' /etc/passwd", /account ldapbackup is missing/],
    'wrong config': ['echo "TLS_REQCERT never" >> /etc/ldap/ldap.conf', /file \/etc\/ldap\/ldap\.conf: content/],
    'lost access rule': [
      'printf "dn: olcDatabase={1}mdb,cn=config\\nchangetype: modify\\ndelete: olcAccess\\nolcAccess: {1}\\n" | ldapmodify -Q -Y EXTERNAL -H ldapi:///',
      /mdb olcAccess:/,
    ],
    'lost entry': [
      'ldapdelete -x -D cn=admin,dc=lab,dc=example -w admin-pw uid=user20,ou=people,dc=lab,dc=example',
      /entries below ou=people,dc=lab,dc=example: value is 48, was 49/,
    ],
    'stopped daemon': [stop('slapd'), /process slapd is missing/],
    'another program behind a port': [
      `perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Listen => 5, LocalPort => 389, ReuseAddr => 1) or die;
        $) = $( = 65534; $> = $< = 65534; sleep 600' > /dev/null 2>&1 &
      sleep 1`,
      /tcp port 389: program is perl, was slapd/,
    ],
  },
  postgresql: {
    'wrong owner': ['chown root:root /srv/exports', /file \/srv\/exports: owner is root, was postgres/],
    'missing user': ["sed -i '/^prometheus:/d' /etc/passwd", /account prometheus is missing/],
    'wrong config': ['echo "work_mem = 1MB" >> /etc/postgresql/*/main/conf.d/tuning.conf', /tuning\.conf: content/],
    'lost row': [
      `su postgres -c "psql -q lab -c 'delete from samples where id = 7'"`,
      /table lab\.public\.samples: value is 49999, was 50000/,
    ],
    'lost role': [
      `su postgres -c "psql -q lab -c 'drop owned by reporter; drop role reporter'"`,
      /role reporter is missing/,
    ],
    'stopped daemon': ['service postgresql stop', /process postgres is missing/],
  },
};
