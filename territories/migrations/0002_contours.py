from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('territories', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contour',
            fields=[
                ('code', models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name='code')),
                ('level', models.CharField(choices=[('commune', 'commune'), ('departement', 'département')], max_length=11, verbose_name='niveau')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('wkb', models.BinaryField(verbose_name='géométrie (WKB, WGS 84)')),
                ('imported_at', models.DateTimeField(auto_now=True, verbose_name='importé le')),
            ],
            options={
                'verbose_name': 'contour',
            },
        ),
    ]
